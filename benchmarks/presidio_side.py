"""Presidio, in an environment of its own: reads texts from a file, and times itself each time it is asked to.

Run by `benchmarks/text.py`. A blank Swedish pipeline, the recognizers that Presidio loads for Swedish, and its two
Swedish ones and the one for cards, which it leaves out unless they are asked for. Nothing is fetched from a network.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
from presidio_analyzer.nlp_engine import SpacyNlpEngine


def engine() -> AnalyzerEngine:
    """The analyzer, ready."""
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    pipeline = SpacyNlpEngine(models=[{"lang_code": "sv", "model_name": "blank"}])
    pipeline.nlp = {"sv": spacy.blank("sv")}
    registry = RecognizerRegistry(supported_languages=["sv"])
    registry.load_predefined_recognizers(languages=["sv"], nlp_engine=pipeline)
    for name in ("SePersonnummerRecognizer", "SeOrganisationsnummerRecognizer", "CreditCardRecognizer"):
        registry.add_recognizer(getattr(predefined_recognizers, name)(supported_language="sv"))
    return AnalyzerEngine(registry=registry, nlp_engine=pipeline, supported_languages=["sv"])


def main() -> None:
    """For each line of input, read all texts once and answer with the seconds of this process and what was found."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    analyzer = engine()
    analyzer.analyze(texts[0], language="sv")
    print(json.dumps({"ready": [recognizer.name for recognizer in analyzer.registry.recognizers]}), flush=True)
    for _line in sys.stdin:
        began = time.process_time()
        found = [len(analyzer.analyze(text, language="sv")) for text in texts]
        print(json.dumps({"seconds": time.process_time() - began, "found": sum(found)}), flush=True)


if __name__ == "__main__":
    main()
