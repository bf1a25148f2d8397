import { listEntries, readBundle } from '../../deploy/compile/bundle.js';
import { MAX_BODY_BYTES } from '../../deploy/compile/compile.js';
import { packConstant, UNPACK } from '../../deploy/compile/pack.js';
import { type Answer, breaks, type Check, holds, refusalText } from '../../doctor/check.js';
import { isAnswer } from '../../doctor/run.js';
import type { FirstDay } from '../scene.js';

/** Bytes of the bodies that are tried. The first is what a procedure of ours may have today. */
const SIZES = [MAX_BODY_BYTES, 200 * 1024, 400 * 1024, 800 * 1024] as const;

/**
 * How large a body may be. Snowflake keeps bodies compressed, and "the exact limit depends on the compressibility of the code"
 * (developer-guide/udf/javascript/udf-javascript-limitations): so the product's own text is sent, and text of the kind that it packs.
 */
export const bodyChecks: readonly Check<FirstDay>[] = [
  {
    name: 'large-body',
    asks: 'How large may the body of a procedure be, as text and packed?',
    means: `The largest procedures have almost ${MAX_BODY_BYTES / 1024} KB; those of wide tables are packed to stay below.`,
    look: tryBodies,
  },
];

async function tryBodies({ ctx: { snowflake }, schema }: FirstDay): Promise<Answer> {
  const taken: string[] = [];
  const refused: string[] = [];
  let needed = true;
  for (const [form, bodyOf] of [
    ['as text', plainBody],
    ['packed', packedBody],
  ] as const)
    for (const size of SIZES) {
      const body = bodyOf(size);
      const what = `${Math.round(Buffer.byteLength(body) / 1024)} KB ${form}`;
      try {
        await snowflake.execute(
          `CREATE OR REPLACE PROCEDURE ${schema}.LARGE() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$${body}$$`,
        );
        const [row] = await snowflake.query(`CALL ${schema}.LARGE()`);
        taken.push(`${what} (answers ${Object.values(row ?? {})[0]})`);
      } catch (error) {
        if (!isAnswer(error)) throw error;
        refused.push(`${what}: ${refusalText(error)}`);
        if (size === MAX_BODY_BYTES) needed = false;
        break;
      }
    }
  const saw = [taken.join(', ') || 'none is taken', ...refused].join('; ');
  return needed
    ? holds(saw)
    : breaks(saw, 'Procedures of that size cannot be made in this account. Send this file back.');
}

/** The texts of all entries, as a body may have them: no `$$` is in any. */
const texts = () => listEntries().map((entry) => readBundle(entry).text);

/** A body of so many bytes at most, and nearly as many: entries as functions that are not called, and the rest as a comment. */
export function plainBody(bytes: number): string {
  const end = '\nreturn 1;';
  let body = '';
  for (const [i, text] of texts().entries()) {
    const next = `function part${i}() {\n${text}\nreturn entry;\n}\n`;
    if (Buffer.byteLength(body + next + end) <= bytes) {
      body += next;
      continue;
    }
    for (const line of text.split('\n')) {
      const comment = `// ${line}\n`;
      if (Buffer.byteLength(body + comment + end) > bytes) return body + end;
      body += comment;
    }
  }
  return body + end;
}

/** A body of so many bytes at most whose text is packed, as that of a wide table's procedure is, and which unpacks it. */
export function packedBody(bytes: number): string {
  const all = texts().join('\n');
  const bodyOf = (characters: number) =>
    `${UNPACK}\nreturn ${packConstant(JSON.stringify(repeat(all, characters)))}.length;`;
  // Packing is not quite even: a text that comes near is looked for, from one that is about as large.
  let characters = bytes * 3;
  for (;;) {
    const body = bodyOf(characters);
    const size = Buffer.byteLength(body);
    if (size <= bytes && size > bytes * 0.9) return body;
    characters = Math.floor((characters * bytes * 0.97) / size);
  }
}

/** So many characters of a text, from its beginning again where it has ended. */
function repeat(text: string, characters: number): string {
  return text.repeat(Math.ceil(characters / text.length)).slice(0, characters);
}
