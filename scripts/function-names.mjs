/**
 * Counts functions that are named by a participle, an adverb, a preposition or an adjective, in each folder, and variables and
 * parameters whose whole name is an adverb, a pronoun or a determiner.
 *
 * A function is named by a verb or by a noun ("redact", "hazard multipliers", "is history missing"). A name that begins with "told", "noted" or
 * "further" is found by no search, and says neither what the function does nor what it returns.
 *
 *   node scripts/function-names.mjs               the share in each folder, and the names
 *   node scripts/function-names.mjs --at-most 2   ends with 1 where a folder of the product has more than 2 %
 *   node scripts/function-names.mjs --json        the same as JSON
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SyntaxKind } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const root = fileURLToPath(new URL('..', import.meta.url));
const PROJECTS = ['tsconfig.json', 'procedures/tsconfig.json'];
const PRODUCT = [
  'deploy',
  'report',
  'contracts',
  'doctor',
  'first-day',
  'safety',
  'demo',
  'procedures',
  'udfs',
];
const BESIDE = ['local'];

const words = (text) => new Set(text.trim().split(/\s+/));

/** Participles that do not end in -ed. What is also the verb itself (`read`, `put`, `set`, `split`) is not here. */
const IRREGULAR = words(`
  begun been born bought broken brought built caught chosen come done drawn driven eaten fallen felt forgotten fought flown frozen
  given gone grown heard held hidden hung kept known laid learnt left lent lost made meant met overridden overwritten paid proven
  ran redrawn retaken rewritten ridden risen said seen sent shaken shown sold spent spoken stolen struck stuck sworn taken taught
  thought thrown told torn unbuilt undone undrawn unknown unseen unsent untold went withdrawn withheld woken won worn woven written`);

/** Words in -ed that are no participle. */
const NO_PARTICIPLES = words('bed embed exceed feed indeed need proceed red seed shed speed succeed weed');

/**
 * Adverbs and prepositions. A conversion (toText, fromRow, asKey), a copy with something changed (withDefault, withoutMarkers) and a listener
 * (onEnd) have the names that JavaScript's own have.
 */
const ADVERBS = words(`
  aboard about above abroad across after afterwards again against ago ahead alike alone along already also always among anew
  anywhere apart around aside at away back before behind below beneath beside besides between beyond briefly by down during either
  elsewhere enough evenly ever everywhere farthest forward further hence here how in inside instead into inwards lately later maybe
  near nearby never not now off often once onward otherwise out outside outwards over past perhaps quickly quietly seldom
  since somewhere soon still surely than then there though through throughout together too toward towards twice under underneath
  until up upon upwards usually very via when within yet`);

/** Adjectives that say nothing by themselves; before a noun they are part of it (`lastRun`, `rawColumns`). */
const ADJECTIVES = words(`
  absent alive all any asleep bare big both brief busy coarser computable each early evident exact far few first foreign free huge
  idle invalid large last late least long longer more most namable narrow nearest new next normal old other own plain plainest
  plausible possible raw readable real recent same second several short silent skewed small smaller soft some strongest such sure
  tightest tunable unique unreachable unreadable unsure usable usual whole widest worst wrong`);

/**
 * Flaw of a function's name.
 *
 * @param {string} name as it is declared
 * @returns {'participle' | 'adverb' | 'adjective' | undefined} undefined for a verb or a noun
 */
export function flawOf(name) {
  const [first = '', ...rest] = name
    .replace(/^[#_]+/, '')
    .split(/(?=[A-Z])|[\d_]+/)
    .map((word) => word.toLowerCase());
  if (IRREGULAR.has(first)) return 'participle';
  if (/.ed$/.test(first) && !NO_PARTICIPLES.has(first)) return 'participle';
  if (ADVERBS.has(first)) return 'adverb';
  if (rest.length === 0 && ADJECTIVES.has(first)) return 'adjective';
  return undefined;
}

/** Pronouns and determiners: a variable called so is found by no search, and says nothing of what it holds. */
const PRONOUNS = words(`
  all another any anything both each either every everything few it its less many mine more most none nothing one other others ours
  own same several some something such that theirs them these they this those what which who whose`);

/** True for the name of a variable or parameter that is no noun, in capitals too: `there`, `theirs`, `SOME`. @param {string} name */
export const isNoNoun = (name) => {
  const word = name.toLowerCase();
  return ADVERBS.has(word) || PRONOUNS.has(word) || word === 'left';
};

const SHELLS = [SyntaxKind.ParenthesizedExpression, SyntaxKind.AsExpression, SyntaxKind.SatisfiesExpression];

function isFunction(node) {
  let inner = node;
  while (inner && SHELLS.includes(inner.kind)) inner = inner.expression;
  return [SyntaxKind.ArrowFunction, SyntaxKind.FunctionExpression].includes(inner?.kind);
}

/** True if a node declares a function: a declaration, a method (a signature counts), or a constant or field that is one. */
function declaresFunction(node) {
  switch (node.kind) {
    case SyntaxKind.FunctionDeclaration:
    case SyntaxKind.MethodDeclaration:
    case SyntaxKind.MethodSignature:
    case SyntaxKind.GetAccessor:
      return true;
    case SyntaxKind.VariableDeclaration:
    case SyntaxKind.PropertyDeclaration:
      return isFunction(node.initializer);
    default:
      return false;
  }
}

/** True if a node declares a variable or parameter that is no function; destructured ones too. */
function declaresVariable(node) {
  const kinds = [SyntaxKind.VariableDeclaration, SyntaxKind.Parameter, SyntaxKind.BindingElement];
  return kinds.includes(node.kind) && !isFunction(node.initializer);
}

/**
 * All functions, variables and parameters that have a name, of the TypeScript files in some folders.
 *
 * @param {readonly string[]} folders paths in the project
 * @returns {{ path: string, line: number, name: string, isFunction: boolean }[]} nested ones too; a name that is computed or a string
 *   has none
 */
export function declaredNames(folders) {
  const api = new API({ cwd: root });
  try {
    const configs = PROJECTS.map((config) => join(root, config));
    const programs = configs.map(
      (openProject) => api.updateSnapshot({ openProject }).getProject(openProject).program,
    );
    return folders.flatMap((folder) =>
      filesOf(folder).flatMap((path) => {
        const file = programs.map((program) => program.getSourceFile(join(root, path))).find(Boolean);
        if (!file) throw new Error(`${path} is in none of ${PROJECTS.join(', ')}.`);
        return namesIn(file, path);
      }),
    );
  } finally {
    api.close();
  }
}

function namesIn(file, path) {
  const found = [];
  const visit = (node) => {
    const isFunction = declaresFunction(node);
    if (
      (isFunction || declaresVariable(node)) &&
      node.name?.text &&
      node.name.kind !== SyntaxKind.StringLiteral
    )
      found.push({ path, line: lineAt(file, node.name.pos), name: node.name.text, isFunction });
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

const lineAt = (file, position) => file.text.slice(0, position).split('\n').length;

function filesOf(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !/(^|\/)(node_modules|dist)\//.test(path),
    )
    .sort();
}

/**
 * The share of flawed names, folder by folder.
 *
 * @returns {{ folder: string, functions: number, flawed: object[], percent: number, variables: number, unclear: object[] }[]} folders
 *   that are there, the product's first; `unclear`: names of variables that are no nouns
 */
export function shares() {
  const all = declaredNames([...PRODUCT, ...BESIDE]);
  return [...PRODUCT, ...BESIDE]
    .map((folder) => ({ folder, names: all.filter(({ path }) => path.startsWith(`${folder}/`)) }))
    .filter(({ names }) => names.length > 0)
    .map(({ folder, names: declared }) => {
      const names = declared.filter((name) => name.isFunction);
      const flawed = names
        .map((name) => ({ ...name, flaw: flawOf(name.name) }))
        .filter(({ flaw }) => flaw !== undefined);
      const percent = Math.round((1000 * flawed.length) / names.length) / 10;
      const unclear = declared.filter((name) => !name.isFunction && isNoNoun(name.name));
      const variables = declared.length - names.length;
      return { folder, functions: names.length, percent, flawed, variables, unclear };
    });
}

function main() {
  const { values } = parseArgs({ options: { 'at-most': { type: 'string' }, json: { type: 'boolean' } } });
  const folders = shares();
  if (values.json) console.log(JSON.stringify(folders, null, 2));
  else
    for (const { folder, functions, percent, flawed, variables, unclear } of folders) {
      console.log(`${folder}: ${flawed.length} of ${functions} functions, ${percent} %`);
      for (const { path, line, name, flaw } of flawed) console.log(`  ${path}:${line} ${name} (${flaw})`);
      console.log(`${folder}: ${unclear.length} of ${variables} variables and parameters`);
      for (const { path, line, name } of unclear) console.log(`  ${path}:${line} ${name}`);
    }
  const limit = Number(values['at-most'] ?? Number.POSITIVE_INFINITY);
  if (folders.some(({ folder, percent }) => PRODUCT.includes(folder) && percent > limit))
    process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
