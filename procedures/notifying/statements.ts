/** A sentence of what to do, or statements to paste: one of the two is ''. */
export interface Step {
  readonly text: string;
  readonly sql: string;
}

/** Words with which a statement begins. It ends with a semicolon outside quotes; with … in it, it is none to paste. */
const STATEMENT =
  /\b(?:ALTER|CALL|CREATE|DELETE FROM|DROP|EXECUTE|GRANT|INSERT INTO|INSERT OVERWRITE|MERGE INTO|REVOKE|SELECT|SHOW|TRUNCATE|UNDROP|UPDATE|WITH) (?:'[^']*'|"[^"]*"|[^'";…])*;/g;

/**
 * Advice in its order, with the statements in it apart from the sentences, so that each can stand on lines of its own: a line of text is
 * wrapped where it is long, and a statement that is broken inside a name cannot be pasted.
 * @returns never begins with a statement
 * @example
 * splitStatements("If it is meant: CALL ACCEPT_CHANGES('T'); See docs."); // three: text, sql, text
 */
export function splitStatements(advice: string): Step[] {
  const steps: Step[] = [];
  let end = 0;
  const add = (text: string, sql: string) => {
    const last = steps[steps.length - 1];
    // Of one that follows another with nothing between them.
    if (last !== undefined && text.trim() === '' && last.sql !== '' && sql !== '')
      steps[steps.length - 1] = { text: '', sql: `${last.sql}\n${sql}` };
    else {
      if (text.trim() !== '' || steps.length === 0) steps.push({ text: text.trim(), sql: '' });
      if (sql !== '') steps.push({ text: '', sql });
    }
  };
  for (let found = STATEMENT.exec(advice); found !== null; found = STATEMENT.exec(advice)) {
    add(advice.slice(end, found.index), found[0]);
    end = found.index + found[0].length;
  }
  if (advice.slice(end).trim() !== '' || steps.length === 0) add(advice.slice(end), '');
  return steps;
}
