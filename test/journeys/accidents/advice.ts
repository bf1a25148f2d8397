import { messageOf } from '../../../deploy/errors.js';
import type { OnCall } from './on-call.js';

/** Something that a message says to do: a statement, or a command line of los. */
export type Action = { readonly sql: string } | { readonly los: string };

const textOf = (action: Action) => ('sql' in action ? action.sql : action.los);

/** What gives a loss for a change that was wanted: never the first thing to do. */
const ACCEPTS = /ACCEPT_CHANGES|--accept-loss/;

/** Where a message goes on with what to do if the change was wanted. */
const ON_PURPOSE = /To accept|To start over|If it is meant/;

/** Statements that a message may have in it, each as it is pasted: up to its semicolon, or as far as it cannot but go. */
const STATEMENTS = [
  /\bUNDROP (?:TABLE|SCHEMA|DATABASE) [\w.$"]+/,
  /\bCALL [\w.]+\((?:[^()']|'[^']*'|\([^()]*\))*\)/,
  /\b(?:ALTER|CREATE|INSERT|GRANT|TRUNCATE|DELETE FROM|MERGE INTO|UPDATE|DROP) [^;`\n]*;/,
];
/** Command lines: options and versions belong to them, the words after them do not. */
const COMMAND =
  /\blos (?:apply|model promote|model rollback|model retire|train|score|watch|notify)(?: --(?:resume|accept-loss) [\w-]+| --(?!help)[a-z-]+| [a-z]+-v\d+)*(?! --help)/;

/** What a message says to do, in its order. */
export function actionsIn(text: string): Action[] {
  const pattern = new RegExp([...STATEMENTS, COMMAND].map(({ source }) => `(?:${source})`).join('|'), 'g');
  // A terminal and a mail wrap their lines.
  return [...text.replace(/\s*\n\s*/g, ' ').matchAll(pattern)].map(([found]) =>
    found.startsWith('los ') ? { los: found } : { sql: found.replace(/;$/, '') },
  );
}

/** What a person on call did, and what came of it. */
export interface Done {
  readonly action: string;
  readonly failed?: string;
}

/**
 * Follows advice as it stands there: what the mails said first, then what the doctor says until it finds nothing, and where a command
 * refuses, what it says instead. What would accept a loss is done only if that is wanted.
 * @param mails texts of the mails that have come
 * @returns what was done
 */
export async function followAdvice(
  onCall: OnCall,
  mails: readonly string[],
  { accepts }: { readonly accepts: boolean },
): Promise<Done[]> {
  const done: Done[] = [];
  /** @returns whether there was anything to do */
  const follow = async (text: string): Promise<boolean> => {
    const all = actionsIn(accepts ? text : text.split(ON_PURPOSE)[0]!).filter(
      (action) => !done.some((each) => each.action === textOf(action)),
    );
    const accepting = all.filter((action) => ACCEPTS.test(textOf(action)));
    const others = all.filter((action) => !ACCEPTS.test(textOf(action)));
    // Who means to accept does that; who does not, pastes what brings things back before what makes them anew.
    const statements =
      accepts && accepting.length > 0 ? accepting : others.filter((action) => 'sql' in action);
    const [command] = others.filter((action) => 'los' in action);
    const chosen = statements.length > 0 ? statements : command ? [command] : [];
    for (const action of chosen) {
      const failed = 'sql' in action ? await runStatement(onCall, action.sql) : await runCommand(action.los);
      done.push({ action: textOf(action), ...(failed === undefined ? {} : { failed }) });
      if ('los' in action && failed !== undefined) await follow(failed);
    }
    return chosen.length > 0;
  };
  const runCommand = async (line: string) => {
    const { code, text } = await onCall.los(line);
    return code === 0 ? undefined : text;
  };
  for (const mail of mails) await follow(mail);
  for (let round = 0; round < 8; round++) {
    const { code, text } = await onCall.los('los doctor');
    if (code === 0) {
      done.push({ action: 'los doctor: all is sound' });
      break;
    }
    // Its last lines say what to mend first.
    if (!(await follow(firstFinding(text)))) {
      // The same once more: what mends one hop may have to run again for the next.
      const again = actionsIn(firstFinding(text)).find((action) => 'los' in action);
      if (!again || round > 4) {
        done.push({ action: 'los doctor', failed: firstFinding(text) });
        break;
      }
      const said = await onCall.los(textOf(again));
      done.push({ action: `${textOf(again)}, again`, ...(said.code === 0 ? {} : { failed: said.text }) });
      if (said.code !== 0 && !(await follow(said.text))) break;
    }
  }
  return done;
}

/** A table as it was: `T AT (TIMESTAMP => …)`, `T BEFORE (STATEMENT => …)`. */
const PAST = /([\w.]+)\s+(?:AT|BEFORE)\s*\([^()]*\)/g;

/** Where the rows of a table are kept by hand, for a statement that only Time Travel can carry out. */
export const keptName = (table: string) => `PREDICT_LOS.PUBLIC.KEPT_${table.split('.').pop()}`;

/**
 * Runs a statement as it was advised. The local Snowflake keeps no past: there it reads what was kept by hand of the same moment.
 * @returns why it failed
 */
async function runStatement(onCall: OnCall, sql: string): Promise<string | undefined> {
  const past = sql.replace(PAST, (_, table: string) => keptName(table));
  try {
    await onCall.sql(past);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** What the doctor says of the first broken hop. */
function firstFinding(text: string): string {
  return text.slice(text.indexOf('First broken:'));
}
