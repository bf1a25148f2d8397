import type { Typed } from '../../types/coerce.js';
import { ARRAY, BOOLEAN, NUMBER, TEXT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { type CallContext, type FunctionSpec, fn, wholeNumber as int, literal, result } from '../function.js';
import { native } from '../native.js';
import { guardSize } from '../value-size.js';
import {
  countMatches,
  matchAll,
  matchesWhole,
  matchPosition,
  matchText,
  replaceOccurrence,
} from './regular-expression.js';
import { text } from './string.js';

/** REGEXP_INSTR(subject, pattern, position, occurrence, option, parameters, group): 0 if there is no such match. */
const regexpInstr: FunctionSpec['bind'] = (args, call) => {
  const [value, pattern, start, occurrence, option, parameters, group] = args;
  const name = native(call.b, 'regexp_instr', 7, matchPosition);
  const number = (arg: Typed | undefined, otherwise: string) =>
    arg ? `CAST(${int(arg, call)} AS VARCHAR)` : quote(otherwise);
  const list = [
    text(value!, call),
    text(pattern!, call),
    number(start, '1'),
    number(occurrence, '1'),
    number(option, '0'),
    parameters ? text(parameters, call) : "''",
    number(group, ''),
  ];
  return result(`CAST(${name}(${list.join(', ')}) AS BIGINT)`, NUMBER(18, 0), args);
};

/** Whether DuckDB can be told the parameters: literals, without m, which it has not; else JavaScript matches row by row. */
function isFixed(parameters: Typed | undefined): boolean {
  if (parameters === undefined) return true;
  return parameters.constant !== undefined && !String(parameters.constant).includes('m');
}

/** Whether whole matches are wanted; what groups a pattern has, JavaScript finds out. */
function isWhole(parameters: Typed | undefined, group: Typed | undefined): boolean {
  if (group) return group.constant === 0 && isFixed(parameters);
  return parameters === undefined || (isFixed(parameters) && !String(parameters.constant).includes('e'));
}

/** Arguments of a function in JavaScript, from the subject on: those that are left out as they are by default. */
function texts(args: Typed[], places: readonly ('text' | number)[], call: CallContext): string {
  return places
    .map((preset, i) => {
      const arg = args[i];
      if (preset === 'text') return arg ? text(arg, call) : "''";
      return arg ? `CAST(${int(arg, call)} AS VARCHAR)` : quote(String(preset));
    })
    .join(', ');
}

/** Java-like parameters of the REGEXP functions: i, s, c; m and e (extract) concern the caller. */
function regexOptions(parameters: Typed | undefined, call: CallContext, global = false): string {
  const given = parameters ? String(literal(parameters, call)) : '';
  const flags = [...given].filter((flag) => 'is'.includes(flag)).join('') + (global ? 'g' : '');
  return flags ? `, ${quote(flags)}` : '';
}

/** All occurrences by DuckDB; from a position on, or only the n-th one, in JavaScript. */
const regexpReplace: FunctionSpec['bind'] = (args, call) => {
  const [value, pattern, replacement, start, occurrence, parameters] = args;
  const by = replacement ? text(replacement, call) : "''";
  const whole =
    (!start || start.constant === 1) && (!occurrence || occurrence.constant === 0) && isFixed(parameters);
  if (whole) {
    const options = regexOptions(parameters, call, true);
    const [v, p] = [text(value!, call), text(pattern!, call)];
    const sql = `regexp_replace(${v}, ${p}, ${by}${options})`;
    if (!replacement || replacement.constant === '') return result(sql, TEXT(), args);
    const most = `CAST(strlen(${v}) + 1 AS HUGEINT) * (1 + strlen(${by}))`;
    const found = `CAST(len(regexp_extract_all(${v}, ${p}, 0)) AS HUGEINT)`;
    return result(guardSize(most, `(strlen(${v}) + ${found} * strlen(${by}))`, sql), TEXT(), args);
  }
  const flags = parameters ? text(parameters, call) : "''";
  const number = (arg: Typed | undefined, otherwise: number) =>
    arg ? `CAST(${int(arg, call)} AS VARCHAR)` : `'${otherwise}'`;
  const name = native(call.b, 'regexp_replace', 6, replaceOccurrence);
  const list = [text(value!, call), text(pattern!, call), by, number(start, 1), number(occurrence, 0), flags];
  return result(`${name}(${list.join(', ')})`, TEXT(), args);
};

/** All matches from a position on (the third argument), as a DuckDB list. */
function matches(args: Typed[], parameters: Typed | undefined, call: CallContext): string {
  const [value, pattern, start] = args;
  const subject =
    !start || start.constant === 1
      ? text(value!, call)
      : `substring(${text(value!, call)}, ${int(start, call)})`;
  return `regexp_extract_all(${subject}, ${text(pattern!, call)}, 0${regexOptions(parameters, call)})`;
}

/** The n-th match (or, with parameter e or a group number, a group of it); NULL if there is none. */
const regexpSubstr: FunctionSpec['bind'] = (args, call) => {
  const [, , , occurrence, parameters, group] = args;
  if (!isWhole(parameters, group)) {
    const name = native(call.b, 'regexp_substr', 6, matchText);
    const list = texts(args, ['text', 'text', 1, 1, 'text'], call);
    const wanted = group ? `CAST(${int(group, call)} AS VARCHAR)` : "''";
    return { sql: `${name}(${list}, ${wanted})`, type: TEXT(), nullable: true };
  }
  const nth = occurrence ? int(occurrence, call) : '1';
  const all = matches(args, parameters, call);
  return { sql: `${all}[${nth}]`, type: TEXT(), nullable: true };
};

/** docs.snowflake.com/en/sql-reference/functions-regexp. */
export const regexpFunctions: FunctionSpec[] = [
  fn('REGEXP_LIKE RLIKE', 2, 3, (args, call) => {
    if (!isFixed(args[2])) {
      const name = native(call.b, 'regexp_like', 3, matchesWhole);
      return result(`(${name}(${texts(args, ['text', 'text', 'text'], call)}) = '1')`, BOOLEAN, args);
    }
    const [subject, pattern] = [text(args[0]!, call), text(args[1]!, call)];
    return result(`regexp_full_match(${subject}, ${pattern}${regexOptions(args[2], call)})`, BOOLEAN, args);
  }),
  fn('REGEXP_REPLACE', 2, 6, regexpReplace),
  fn('REGEXP_SUBSTR', 2, 6, regexpSubstr),
  fn('REGEXP_INSTR', 2, 7, regexpInstr),
  fn('REGEXP_COUNT', 2, 4, (args, call) => {
    if (!isFixed(args[3])) {
      const name = native(call.b, 'regexp_count', 4, countMatches);
      const list = texts(args, ['text', 'text', 1, 'text'], call);
      return result(`CAST(${name}(${list}) AS BIGINT)`, NUMBER(18, 0), args);
    }
    const all = matches(args, args[3], call);
    return result(`CAST(len(${all}) AS BIGINT)`, NUMBER(18, 0), args);
  }),
  fn('REGEXP_SUBSTR_ALL REGEXP_EXTRACT_ALL', 2, 6, (args, call) => {
    const [, , , occurrence, parameters, group] = args;
    if (!isWhole(parameters, group)) {
      const name = native(call.b, 'regexp_substr_all', 6, matchAll);
      const list = texts(args, ['text', 'text', 1, 1, 'text'], call);
      const wanted = group ? `CAST(${int(group, call)} AS VARCHAR)` : "''";
      return result(`CAST(${name}(${list}, ${wanted}) AS JSON)`, ARRAY, args);
    }
    const all = matches(args, parameters, call);
    const from = occurrence ? `(${all})[${int(occurrence, call)}:]` : all;
    return result(`CAST(to_json(${from}) AS JSON)`, ARRAY, args);
  }),
];
