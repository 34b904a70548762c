import type { DatabaseKind } from '../base/target.ts';
import { readExampleFiles, readMarks } from './example-text.ts';
import type { BadExample, GoodExample, Rule } from './rule.ts';

/** The page docs/rules/<name>.md of a rule, whole. */
export function rulePage(rule: Rule): string {
  const { docs } = rule;
  const sections = [
    `# ${rule.name}`,
    `${rule.summary}\n\n${headLine(rule)}`,
    `## What happens\n\n${docs.whatHappens}`,
    `## Why it hurts\n\n${docs.whyItHurts}`,
    `## What to do\n\n${adviceOf(rule)}`,
    `## When it is fine\n\n${docs.whenItIsFine}`,
    `## Reported\n\n${rule.examples.bad.map(badExample).join('\n\n')}`,
    `## Not reported\n\n${rule.examples.good.map(goodExample).join('\n\n')}`,
    `## Accept it\n\n${acceptance(rule)}`,
    `## Sources\n\n${rule.sources.map(({ title, url }) => `- [${title}](${url})`).join('\n')}`,
  ];
  return `${sections.filter((section) => !section.endsWith('\n\n')).join('\n\n')}\n`;
}

/** The text of a bad example's last file with what is reported as comments under the lines it is about. */
function badExample(example: BadExample): string {
  const file = readExampleFiles(example.files).at(-1);
  if (file === undefined) return `### ${example.title}`;
  const { marks } = readMarks(file.text);
  const messages = [...new Set(marks.map((mark) => mark.message))].map((message) => `> ${message}`).join('\n>\n');
  const fixes = (example.fixed ?? []).map(
    ({ title, files }) => `Fix: **${title}**\n\n${readExampleFiles(files).map(fence).join('\n\n')}`,
  );
  return [`### ${example.title}`, fence(file), messages, ...fixes].join('\n\n');
}

function goodExample(example: GoodExample): string {
  const file = readExampleFiles(example.files).at(-1);
  const settings = example.settings === undefined ? [] : [`\`\`\`toml\n[tool.stepwise]\n${example.settings}\n\`\`\``];
  return [`### ${example.title}`, ...settings, ...(file ? [fence(file)] : [])].join('\n\n');
}

function fence(file: { readonly path: string; readonly text: string }): string {
  const { text } = readMarks(file.text);
  return `\`\`\`${file.path.endsWith('.toml') ? 'toml' : 'python'}\n# ${file.path}\n${text.trim()}\n\`\`\``;
}

function adviceOf({ docs }: Rule): string {
  const { django, alembic } = docs.whatToDo;
  return django === undefined || alembic === undefined
    ? (django ?? alembic ?? '')
    : `**Django.** ${django}\n\n**Alembic.** ${alembic}`;
}

/** The level, and where and how the rule speaks. */
function headLine(rule: Rule): string {
  const about = rule.databases?.map((database) => databaseNames[database]).join(', ');
  const parts = [`Level: **${rule.level}**`, rule.group, ...(about === undefined ? [] : [about]), fixLine(rule)];
  return parts.join(' · ');
}

const databaseNames: Readonly<Record<DatabaseKind, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
  oracle: 'Oracle',
};

function fixLine(rule: Rule): string {
  return rule.examples.bad.some((example) => (example.fixed ?? []).length > 0) ? 'has quick fixes' : 'no quick fix';
}

function acceptance(rule: Rule): string {
  return [
    'Say so where it stands, with the reason:',
    `\`\`\`python\n# stepwise: ignore[${rule.name}] the table has ten rows\n\`\`\``,
    'or change its level for the whole project:',
    `\`\`\`toml\n[tool.stepwise.rules]\n${rule.name} = "off"\n\`\`\``,
  ].join('\n\n');
}
