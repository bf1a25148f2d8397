// EC2's own dialect of the query protocol: lists without `member`, answers and errors of another form.
// Amazon EC2 API Reference, "Making requests" and "Error codes".
import { AwsError } from '../errors.js';
import type { AwsResponse } from '../service.js';
import { element, type XmlNode } from '../xml.js';

/** A request's parameters. */
export class Ec2Parameters {
  private readonly form: URLSearchParams;
  readonly action: string;
  private readonly read = new Set(['Action', 'Version']);

  constructor(body: string) {
    this.form = new URLSearchParams(body);
    const action = this.form.get('Action');
    if (!action) throw new AwsError('MissingAction', 'The request must contain the parameter Action.');
    this.action = action;
  }

  get(name: string): string | undefined {
    this.read.add(name);
    return this.form.get(name) ?? undefined;
  }

  need(name: string): string {
    const value = this.get(name);
    if (!value) throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
    return value;
  }

  /** `Name.1`, `Name.2`, … */
  list(name: string): string[] {
    const values: string[] = [];
    for (let i = 1; this.form.has(`${name}.${i}`); i++) values.push(this.get(`${name}.${i}`)!);
    return values;
  }

  /** `Filter.1.Name`, `Filter.1.Value.1`, …: the values of each filter that the operation knows. */
  filters(known: readonly string[]): Record<string, string[]> {
    const filters: Record<string, string[]> = {};
    for (let i = 1; this.form.has(`Filter.${i}.Name`); i++) {
      const name = this.get(`Filter.${i}.Name`)!;
      if (!known.includes(name))
        throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
      filters[name] = this.list(`Filter.${i}.Value`);
    }
    return filters;
  }

  /** Refuses what the operation has not read: nothing is accepted and ignored. */
  only(): void {
    const unread = [...this.form.keys()].find((name) => !this.read.has(name));
    if (unread)
      throw new AwsError(
        'UnsupportedOperation',
        `The local EC2 does not support ${unread} of ${this.action}: its effect is not modelled here. Leave it out.`,
      );
  }
}

export function ec2Response(action: string, requestId: string, result: Record<string, XmlNode>): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body: element(
      `${action}Response`,
      { requestId, ...result },
      'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"',
    ),
  };
}

/** EC2 calls a denial by a name of its own. */
export function ec2Error({ code, message, status }: AwsError, requestId: string): AwsResponse {
  const denied = code === 'AccessDenied';
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body: element('Response', {
      Errors: {
        Error: {
          Code: denied ? 'UnauthorizedOperation' : code,
          Message: denied ? `You are not authorized to perform this operation. ${message}` : message,
        },
      },
      RequestID: requestId,
    }),
  };
}
