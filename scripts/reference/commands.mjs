import { optionsOf } from '../../dist/deploy/commands/command.js';
import { commands } from '../../dist/deploy/commands/index.js';
import { globalOptions } from '../../dist/deploy/help/options.js';
import { cell, code, page, table } from './markdown.mjs';

/** Every command of los, from what yargs is told. */
export async function commandsPage() {
  const parts = [];
  for (const { name, usage, describe, load } of commands) {
    const { command } = await load();
    const { positional = {}, examples = [], target } = command;
    const options = optionsOf(command);
    const rows = [
      ...Object.entries(positional).map(([key, option]) => row(key, option)),
      ...Object.entries(options).map(([key, option]) => row(`--${key}`, option)),
    ];
    parts.push(
      `## ${code(['los', name, usage].filter(Boolean).join(' '))}`,
      `${sentence(describe)}${target ? ` Only with \`--target ${target}\`.` : ''}`,
      rows.length > 0 && table(['', 'takes', 'what'], rows),
      examples.length > 0 &&
        table(
          ['example', ''],
          examples.map(([line, what]) => [code(line), cell(what)]),
        ),
    );
  }
  return page(
    '# Commands',
    '`los COMMAND --help` says the same. Exit codes: 0 done (plan: nothing to do), 1 error, 2 plan found changes.',
    '## Options of every command',
    table(
      ['', 'takes', 'what'],
      Object.entries(globalOptions).map(([key, option]) => row(`--${key}`, option)),
    ),
    parts,
  );
}

function row(name, { type, choices, array, default: value, describe, description }) {
  const takes = choices
    ? choices.map(code).join(', ')
    : type === 'boolean'
      ? ''
      : type === 'string'
        ? 'text'
        : (type ?? 'text');
  const given = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
  return [
    code(name),
    `${takes}${array ? ', several' : ''}`,
    `${cell(describe ?? description)}${given ? '' : ` (default ${code(String(value))})`}`,
  ];
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
