// The query protocol of IAM and STS: parameters as a form, answers as XML.
import { AwsError } from './errors.js';
import type { AwsRequest, AwsResponse } from './service.js';
import { element, type XmlNode } from './xml.js';

/** The parameters of one call. */
export class QueryParameters {
  constructor(private readonly form: URLSearchParams) {}

  get(name: string): string | undefined {
    return this.form.get(name) ?? undefined;
  }

  need(name: string): string {
    const value = this.get(name);
    if (value === undefined || value === '') {
      const field = name[0]!.toLowerCase() + name.slice(1);
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value null at '${field}' failed to satisfy constraint: Member must not be null`,
      );
    }
    return value;
  }

  number(name: string, otherwise: number, [least, most]: [number, number]): number {
    const text = this.get(name);
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value '${text}' at '${name[0]!.toLowerCase() + name.slice(1)}' failed to satisfy constraint: Member must have value ${value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`}`,
      );
    return value;
  }

  /** `Name.member.1`, `Name.member.2`, … */
  list(name: string): string[] {
    const values: string[] = [];
    for (let i = 1; this.form.has(`${name}.member.${i}`); i++)
      values.push(this.form.get(`${name}.member.${i}`)!);
    return values;
  }

  /** `Tags.member.1.Key`, `Tags.member.1.Value`, … */
  tags(): Record<string, string> {
    const tags: Record<string, string> = {};
    for (let i = 1; this.form.has(`Tags.member.${i}.Key`); i++)
      tags[this.form.get(`Tags.member.${i}.Key`)!] = this.form.get(`Tags.member.${i}.Value`) ?? '';
    return tags;
  }

  /** Refuses parameters, beside the protocol's own, that the operation does not know here. */
  only(operation: string, known: readonly string[]): void {
    for (const name of this.form.keys()) {
      const base = name.split('.')[0]!;
      if (base !== 'Action' && base !== 'Version' && !known.includes(base))
        throw new AwsError(
          'NotImplemented',
          `The local AWS does not support ${base} of ${operation}: its effect is not modelled here. Leave it out.`,
          501,
        );
    }
  }
}

/** The action and parameters of a request. Throws MissingAction. */
export function readQuery(request: AwsRequest): { action: string; parameters: QueryParameters } {
  const form = request.method === 'POST' ? new URLSearchParams(request.body.toString('utf8')) : request.query;
  const action = form.get('Action');
  if (!action) throw new AwsError('MissingAction', 'The request must contain the parameter Action.', 400);
  return { action, parameters: new QueryParameters(form) };
}

/** `<ActionResponse><ActionResult>…`; an operation without a result has none. */
export function queryResponse(
  action: string,
  namespace: string,
  result: XmlNode | undefined,
  requestId: string,
): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: element(
      `${action}Response`,
      { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
      `xmlns="${namespace}"`,
    ),
  };
}
