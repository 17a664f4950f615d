import { HtmlValidate, StaticConfigLoader } from "html-validate/browser";
globalThis.htmlFaults = async (text, rules) => {
  const config = { root: true, extends: ["html-validate:recommended", "html-validate:document"], elements: ["html5"], rules };
  const report = await new HtmlValidate(new StaticConfigLoader(config)).validateString(text);
  return report.results.flatMap((one) => one.messages.map((said) => `${said.line}:${said.column} ${said.ruleId} ${said.message}`));
};
