"""All that a detector may find: its group, the ground in the policy that it points to, and whether it is urgent."""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = ("personal", "sensitive", "secrecy", "unlawful", "house", "tone", "own")

GDPR = "dataskyddsförordningen (EU) 2016/679, artikel 6"
GDPR_SENSITIVE = "dataskyddsförordningen (EU) 2016/679, artikel 9"
OSL = "offentlighets- och sekretesslagen (2009:400)"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. `urgent`: people are told at once, not at the next round (D20, D43)."""

    kind: str
    group: str
    ground: str
    law: str
    urgent: bool = False


_ALL = (
    Kind("personnummer", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("coordination_number", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("phone", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("email", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("address", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("vehicle", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("card_number", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("case_number", "personal", "rule.sensitive", GDPR, urgent=True),
    Kind("health", "sensitive", "rule.sensitive", GDPR_SENSITIVE, urgent=True),
    Kind("sensitive", "sensitive", "rule.sensitive", GDPR_SENSITIVE, urgent=True),
    Kind("secrecy", "secrecy", "rule.secrecy", OSL, urgent=True),
    Kind("threat", "unlawful", "law.threat", "brottsbalken 4 kap. 5 §", urgent=True),
    Kind("privacy", "unlawful", "law.privacy", "brottsbalken 4 kap. 6 c §", urgent=True),
    Kind("incitement", "unlawful", "law.incitement", "brottsbalken 16 kap. 5 §", urgent=True),
    Kind("agitation", "unlawful", "law.agitation", "brottsbalken 16 kap. 8 §", urgent=True),
    Kind("violence", "unlawful", "law.violence", "brottsbalken 16 kap. 10 c §", urgent=True),
    Kind("terrorism", "unlawful", "law.terrorism", "terroristbrottslagen (2022:666) 7 §", urgent=True),
    Kind("copyright", "unlawful", "law.copyright", "upphovsrättslagen (1960:729)", urgent=True),
    Kind("insult", "house", "rule.insult", "kommunens regler för kommentarer"),
    Kind("harassment", "house", "rule.harassment", "kommunens regler för kommentarer"),
    Kind("pornography", "house", "rule.pornography", "kommunens regler för kommentarer"),
    Kind("coarse", "house", "rule.coarse", "kommunens regler för kommentarer"),
    Kind("politics", "house", "rule.politics", "kommunens regler för kommentarer"),
    Kind("advertising", "house", "rule.advertising", "kommunens regler för kommentarer"),
    Kind("spam", "house", "rule.spam", "kommunens regler för kommentarer"),
    Kind("question", "tone", "", ""),
    Kind("opinion", "tone", "", ""),
    Kind("proposal", "tone", "", ""),
    Kind("praise", "tone", "", ""),
    Kind("advice", "own", "", "skadeståndslagen (1972:207) 3 kap. 3 §"),
    Kind("authority", "own", "", "förvaltningslagen (2017:900)"),
)

KINDS: dict[str, Kind] = {kind.kind: kind for kind in _ALL}
