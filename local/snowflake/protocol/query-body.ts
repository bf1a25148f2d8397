import type { Bind } from '../account.js';
import type { ParameterValue } from '../sessions/parameters.js';
import { BadRequest } from './http.js';

/** What a client sends to have a statement run. */
export interface QueryBody {
  sqlText?: string;
  asyncExec?: boolean;
  describeOnly?: boolean;
  bindings?: Record<string, Bind>;
  /** Where the values to bind are, if the client has put them into a stage. */
  bindStage?: string | null;
  parameters?: Record<string, ParameterValue>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCell = (value: unknown): boolean => value === null || typeof value === 'string';

/** A request's body as one for a statement. @throws BadRequest if it has another shape */
export function queryBody(body: Record<string, unknown>): QueryBody {
  const { sqlText, bindings, bindStage, parameters } = body;
  if (sqlText !== undefined && sqlText !== null && typeof sqlText !== 'string')
    throw new BadRequest('sqlText is no text.');
  if (bindStage !== undefined && !isCell(bindStage)) throw new BadRequest('bindStage is no text.');
  for (const [name, value] of Object.entries({ bindings, parameters }))
    if (value !== undefined && value !== null && !isRecord(value))
      throw new BadRequest(`${name} is no JSON object.`);
  for (const [key, bind] of Object.entries(bindings ?? {})) {
    const known = isRecord(bind) && typeof bind.type === 'string';
    const value = known ? ((bind as Record<string, unknown>).value ?? null) : undefined;
    const cells = Array.isArray(value) ? value.every(isCell) : isCell(value);
    if (!known || !cells)
      throw new BadRequest(`The binding ${key} has no type, or a value that is neither a text nor null.`);
  }
  return body as QueryBody;
}
