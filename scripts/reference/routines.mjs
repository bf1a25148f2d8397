import { accountName } from '../../dist/deploy/headers/files.js';
import { cell, code, page, read, table } from './markdown.mjs';
import { ROLES } from './objects.mjs';

/** Reference entry of an entry's function, beside its SQL signature. */
function entryOf({ declared: { file, signature } }) {
  const [, doc, parameters] =
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export default function \w+\(([\s\S]*?)\)\s*[:{]/.exec(read(file)) ??
    [];
  if (doc === undefined) throw new Error(`${file} says nothing of its function`);
  const names = [...parameters.matchAll(/^\s*(\w+)\s*:|,\s*(\w+)\s*:/g)].map(([, a, b]) => a ?? b);
  const args = signature.args.map(([arg, type]) => ({ arg, type }));
  return { name: signature.name, args, returns: signature.returns, names, ...parsed(doc) };
}

/** A docstring in its parts; the example, which comes last, keeps its lines. */
function parsed(doc) {
  const [said, example] = doc.split(/^ \* @example\n/m);
  const text = said
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ')
    .replace(/ \((?:[\w-]+\/)*[\w-]+\.ts\)/g, '');
  const [what, ...tags] = text.split(/\s@(?=param|returns|throws)/);
  const of = (tag) =>
    tags.filter((each) => each.startsWith(tag)).map((each) => each.slice(tag.length).trim());
  return {
    what: what.trim(),
    params: Object.fromEntries(
      of('param').map((each) => [/^\w+/.exec(each)[0], each.replace(/^\w+\s*/, '').trim()]),
    ),
    gives: of('returns')[0],
    throws: of('throws'),
    example: example?.replace(/^ \* ?/gm, '').trim(),
  };
}

const sql = (statements) => `\`\`\`sql\n${statements}\n\`\`\``;

function described({ args, returns, names, what, params, gives, throws, example }) {
  // Where only some parameters have a docstring, the others are named by the signature alone.
  const rows = args.map(({ arg, type }, i) => [code(arg), type, cell(params[names[i]])]);
  return [
    what,
    rows.some(([, , text]) => text !== '') && table(['argument', 'type', 'what'], rows),
    `Returns ${returns}${gives ? `: ${cell(gives)}` : '.'}`,
    throws.length > 0 &&
      `Fails: ${throws.map((each) => cell(each.replace(/^(\w+Error|Error)\s*/, ''))).join('; ')}`,
    example && sql(example),
  ];
}

const head = ({ name, args }) => `${name}(${args.map(({ arg, type }) => `${arg} ${type}`).join(', ')})`;

export function proceduresPage(objects) {
  return page(
    '# Procedures',
    "They run with the rights of their owner, LOS_DEPLOY; who may CALL what is a [table](access.md). An OBJECT in SQL: `{'promote': TRUE}`. SHADOW_ADMISSIONS exists where `tasks.challenger` names a version.",
    objects.of('procedure').map((object) => {
      const entry = entryOf(object);
      const roles = [object.declared.callers].flat().flatMap((caller) => ROLES[caller] ?? []);
      return page(
        `## ${head(entry)}`,
        roles.length > 0
          ? `May be called from ${roles.join(' and ')} on.`
          : 'No role may call it but its owner, LOS_DEPLOY.',
        described(entry),
      );
    }),
  );
}

/** The steps have the contract's columns for arguments. */
const shortHead = (name) => (/_OF_/.test(name) ? name.replace(/\(.*/, '(columns …)') : name);

/** Heading of a function; each has one of its own below. */
const headingOf = (text) => (text.length > 136 ? text.replace(/\(.*/, '(…)') : text);

/** The calls that headers of files show, with the names of the default settings. */
const examplesOf = (objects, { contract, settings }) =>
  objects
    .flatMap(({ declared: { header } }) => header.example ?? [])
    .map((example) => `${accountName(example, contract, settings)};`)
    .join('\n');

export function functionsPage(objects) {
  const functions = objects.of('function');
  const ofSql = functions.filter(({ declared }) => 'prose' in declared);
  return page(
    '# Functions',
    '## Asking the model',
    'For all roles that may ask for predictions (LOS_READ). SQL functions generated from the contract; only encoded numbers leave Snowflake.',
    table(
      ['function', 'what'],
      ofSql.map(({ declared, resource }) => [code(shortHead(resource.name)), cell(declared.prose)]),
    ),
    sql(examplesOf(ofSql, objects)),
    '## External functions',
    'They call SageMaker over API Gateway with computed features.',
    table(
      ['function', 'returns', 'what'],
      objects
        .of('external-function')
        .map(({ declared, resource: { definition } }) => [
          code(definition.head.split('.').at(-1)),
          definition.returns,
          cell(declared.prose),
        ]),
    ),
    sql(examplesOf(objects.of('external-function'), objects)),
    '## JavaScript functions',
    'PREDICT_LOS_REMAINING and LOS_DISCHARGE_PROBABILITIES are for all roles that may ask for predictions (LOS_READ); the others are parts of the pipeline.',
    functions
      .filter(({ declared }) => 'signature' in declared)
      .map((object) => page(`### ${headingOf(head(entryOf(object)))}`, described(entryOf(object)))),
  );
}
