import { callers } from '../../dist/deploy/stack/access.js';
import { cell, code, filesIn, page, read, table } from './markdown.mjs';

/** Roles as the default settings call them; whoever has one has those before it. */
const ROLES = { read: 'LOS_READ', run: 'LOS_RUN', operate: 'LOS_OPERATE' };

/** Entry files of a folder by the name that SHOW reports: what the docstring of the function says. */
function entries(folder) {
  return Object.fromEntries(
    filesIn(folder, '.ts').flatMap((path) => {
      const text = read(path);
      const signature = /^export const signature = (\{[\s\S]*?\n\})/m.exec(text)?.[1];
      if (!signature) return [];
      const name = /name: '(\w+)'/.exec(signature)[1];
      const args = [...signature.matchAll(/\['(\w+)', '(\w+)'\]/g)].map(([, arg, type]) => ({ arg, type }));
      const returns = /returns: '(\w+)'/.exec(signature)[1];
      const [, doc, parameters] =
        /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export default function \w+\(([\s\S]*?)\)\s*[:{]/.exec(text) ?? [];
      if (doc === undefined) throw new Error(`${path} says nothing of its function`);
      const names = [...parameters.matchAll(/^\s*(\w+)\s*:|,\s*(\w+)\s*:/g)].map(([, a, b]) => a ?? b);
      return [
        [
          `${name}(${args.map(({ type }) => type).join(', ')})`,
          { path, name, args, returns, names, ...parsed(doc) },
        ],
      ];
    }),
  );
}

/** A docstring in its parts. */
function parsed(doc) {
  const text = doc
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
  };
}

function described({ args, returns, names, what, params, gives, throws }) {
  // Where only some parameters have a docstring, the others are named by the signature alone.
  const rows = args.map(({ arg, type }, i) => [code(arg), type, cell(params[names[i]])]);
  return [
    what,
    rows.some(([, , text]) => text !== '') && table(['argument', 'type', 'what'], rows),
    `Returns ${returns}${gives ? `: ${cell(gives)}` : '.'}`,
    throws.length > 0 &&
      `Fails: ${throws.map((each) => cell(each.replace(/^(\w+Error|Error)\s*/, ''))).join('; ')}`,
  ];
}

const head = ({ name, args }) => `${name}(${args.map(({ arg, type }) => `${arg} ${type}`).join(', ')})`;

export function proceduresPage(resources) {
  const known = entries('procedures');
  const parts = resources
    .filter(({ kind }) => kind === 'snowflake.procedure')
    .map(({ name }) => {
      const entry = known[name];
      const role = callers[name.replace(/\(.*/, '')];
      if (!entry) throw new Error(`No file of procedures/ is ${name}`);
      return page(
        `## ${head(entry)}`,
        role
          ? `May be called from ${ROLES[role]} on.`
          : 'Granted to nobody: its owner, LOS_DEPLOY, calls it.',
        described(entry),
      );
    });
  return page(
    '# Procedures',
    "They run with the rights of their owner, LOS_DEPLOY; who may CALL what is a [table](../permissions.md). An OBJECT in SQL: `{'promote': TRUE}`. SHADOW_ADMISSIONS exists where `tasks.challenger` names a version.",
    parts,
  );
}

/** What the three functions of the model answer, and the one that reaches SageMaker. */
const EXTERNAL = {
  LOS_INVOKE_ENDPOINT: 'Asks the champion about what LOS_INPUTS makes: what PREDICT_LOS calls.',
  LOS_INVOKE_ENDPOINT_DETAIL: 'The same for PREDICT_LOS_DETAIL; scoring logs its answers.',
  LOS_INVOKE_ENDPOINT_REASONS: 'The same for PREDICT_LOS_REASONS.',
  LOS_SAGEMAKER: 'One call of the control plane of SageMaker, for procedures alone: no role is granted it.',
};

/** What people ask, as SQL functions made from the contract. */
const ASKING = {
  PREDICT_LOS:
    'Expected stay in days for an OBJECT of columns of the table, in any case, some or all of them; NULL where too little is known.',
  PREDICT_LOS_DETAIL:
    'The whole distribution of a stay ([curve](../curve.md)), what was missing, assumed, ignored or never seen; where there is no answer, why (`reason`).',
  PREDICT_LOS_REASONS:
    'The same, with what moved the prediction most. The days of `reasons`, and `other_days`, add up to `days` − `base_days`.',
  LOS_INPUTS:
    'The features that the feature table would have of such a row, and which of them are missing: what the model is asked.',
  LOS_INPUTS_OF_COLUMNS: 'A step of LOS_INPUTS: fills in the defaults of the contract.',
  LOS_INPUTS_OF_VALUES: 'A step of LOS_INPUTS: computes the expressions of the contract.',
};

/** The steps have the contract's columns for arguments. */
const shortHead = (name) => (/_OF_/.test(name) ? name.replace(/\(.*/, '(columns …)') : name);

export function functionsPage(resources) {
  const known = entries('udfs');
  const external = resources.filter(({ kind }) => kind === 'snowflake.external-function');
  const functions = resources.filter(({ kind }) => kind === 'snowflake.function');
  const isAsking = ({ name }) => name.replace(/\(.*/, '') in ASKING;
  const own = functions.filter((each) => !isAsking(each));
  return page(
    '# Functions',
    '## Asking the model',
    'For everybody who may ask for predictions (LOS_READ). SQL functions that are made from the contract; the encoded numbers alone leave Snowflake.',
    table(
      ['function', 'what'],
      functions.filter(isAsking).map(({ name }) => [code(shortHead(name)), ASKING[name.replace(/\(.*/, '')]]),
    ),
    '## External functions',
    'They ask SageMaker over API Gateway, about features as they are made already.',
    table(
      ['function', 'returns', 'what'],
      external.map(({ name, definition: { head: whole, returns } }) => {
        const what = EXTERNAL[name.replace(/\(.*/, '')];
        if (!what) throw new Error(`No words for ${name}`);
        return [code(whole.split('.').at(-1)), returns, what];
      }),
    ),
    '## JavaScript functions',
    'PREDICT_LOS_REMAINING and LOS_DISCHARGE_PROBABILITIES are for everybody who may ask for predictions (LOS_READ); the others are parts of the pipeline.',
    own.map(({ name }) => {
      const entry = known[name];
      if (!entry) throw new Error(`No file of udfs/ is ${name}`);
      return page(`### ${head(entry)}`, described(entry));
    }),
  );
}
