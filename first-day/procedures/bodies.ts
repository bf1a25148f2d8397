import { listEntries, readBundle } from '../../deploy/compile/bundle.js';
import { type Answer, breaks, type Check, holds, refusalText } from '../../doctor/check.js';
import { isAnswer } from '../../doctor/run.js';
import { MAX_BODY_BYTES } from '../../procedures/versions/constant.js';
import type { FirstDay } from '../scene.js';

/** Bytes of the bodies that are tried. */
const SIZES = [100, 200, 400, 800].map((kilobytes) => kilobytes * 1024);

/**
 * Checks of the size of bodies. Snowflake keeps bodies compressed, and "the exact limit depends on the
 * compressibility of the code" (developer-guide/udf/javascript/udf-javascript-limitations): so the product's own text
 * is sent.
 */
export const bodyChecks: readonly Check<FirstDay>[] = [
  {
    name: 'large-body',
    asks: 'How large may the body of a procedure be?',
    means: `The largest procedures of wide tables may have ${MAX_BODY_BYTES / 1024} KB.`,
    look: tryBodies,
  },
];

async function tryBodies({ ctx: { snowflake }, schema }: FirstDay): Promise<Answer> {
  const taken: string[] = [];
  const refused: string[] = [];
  let needed = true;
  for (const size of SIZES) {
    const body = plainBody(size);
    const what = `${Math.round(Buffer.byteLength(body) / 1024)} KB`;
    try {
      await snowflake.execute(
        `CREATE OR REPLACE PROCEDURE ${schema}.LARGE() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$${body}$$`,
      );
      const [row] = await snowflake.query(`CALL ${schema}.LARGE()`);
      taken.push(`${what} (answers ${Object.values(row ?? {})[0]})`);
    } catch (error) {
      if (!isAnswer(error)) throw error;
      refused.push(`${what}: ${refusalText(error)}`);
      if (size <= MAX_BODY_BYTES) needed = false;
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
