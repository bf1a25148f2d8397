// A fault on command: which calls go wrong, how, and how many of them.

/** What happens to a call instead of its answer. */
export const FAULT_KINDS = {
  throttle: 'is refused as one too many (429, or what the service answers then)',
  fail: 'ends with an internal error (500)',
  unavailable: 'is refused as unavailable (503)',
  slow: 'is carried out ten seconds late',
  hang: 'gets no answer until the client gives up',
  cut: 'has its connection cut before anything is done',
  lose: 'is carried out, but the connection is cut before the answer',
  garbage: 'is answered with bytes that make no sense (AWS: status 200)',
  repeat: 'is sent once more when it has been answered, and the second answer counts (external functions)',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

/** What can happen to a call; a repetition happens to what calls. */
export type CallFault = Exclude<FaultKind, 'repeat'>;

/** How late a slow call is. */
export const SLOW_MS = 10_000;

/** What calls can be named after. */
export const FAULT_SERVICES = [
  's3',
  'iam',
  'sts',
  'sagemaker',
  'servicequotas',
  'apigateway',
  'execute-api',
  'snowflake',
  'external-function',
  'smtp',
] as const;

export interface FaultSpec {
  /**
   * `service:Operation` as in IAM's actions; `*` stands for any letters. SMTP is just `smtp`; Snowflake's operations
   * are the first words of statements, LOGIN, RESULT and TASK (a run of a task: `fail` lets it fail). External
   * functions are called by their names, and know one fault, which no other service knows: Snowflake may send any batch
   * again under the same sf-external-function-query-batch-id (`external-function:ASK=repeat`).
   */
  operation: string;
  kind: FaultKind;
  /** So many calls go by before the first that it may hit. */
  after?: number;
  /** So many calls at most; undefined: until the fault is cleared. */
  next?: number;
  /** The share of calls that it hits, 0 to 1; undefined: every call. */
  share?: number;
  /** Decides which calls a share hits: the same seed, the same calls. */
  seed?: number;
}

export class FaultSyntaxError extends Error {}

/** How a fault is written; shown by --help and in errors. */
export const FAULT_SYNTAX = 'OPERATION=KIND[,after=N][,next=N][,share=P][,seed=S]';

/**
 * Reads a fault, e.g. `s3:PutObject=throttle`, `sagemaker:*=fail,next=3`, `smtp=cut,share=0.2,seed=7`,
 * `external-function:ASK=repeat,after=4` (the fifth call).
 * Without next and share it hits the next call only; with a share it goes on until it is cleared.
 * @throws FaultSyntaxError that says what is wrong and what would be right
 */
export function parseFault(text: string): FaultSpec {
  const [head = '', ...options] = text.split(',').map((part) => part.trim());
  const [operation = '', kind = '', ...rest] = head.split('=');
  if (!operation || !kind || rest.length > 0)
    throw new FaultSyntaxError(
      `"${text}" is not a fault. Write ${FAULT_SYNTAX}, e.g. s3:PutObject=throttle,next=3.`,
    );
  checkOperation(operation);
  if (!Object.hasOwn(FAULT_KINDS, kind))
    throw new FaultSyntaxError(
      `There is no fault "${kind}"; there are ${Object.keys(FAULT_KINDS).join(', ')}.`,
    );
  if (operation.startsWith('external-function:') !== (kind === 'repeat'))
    throw new FaultSyntaxError(
      `"${text}": external functions have the fault repeat, and nothing else has it; what API Gateway answers them is execute-api:Invoke.`,
    );
  const spec: FaultSpec = { operation, kind: kind as FaultKind };
  for (const option of options) {
    const [name, value = ''] = option.split('=') as [string, string?];
    const number = value === '' ? Number.NaN : Number(value);
    if (name === 'next' && Number.isInteger(number) && number >= 1) spec.next = number;
    else if (name === 'after' && Number.isInteger(number) && number >= 1) spec.after = number;
    else if (name === 'share' && number > 0 && number <= 1) spec.share = number;
    else if (name === 'seed' && Number.isInteger(number)) spec.seed = number;
    else
      throw new FaultSyntaxError(
        `"${option}" of "${text}" is not understood: next and after are whole numbers from 1, share a number above 0 and up to 1, seed a whole number.`,
      );
  }
  if (spec.next === undefined && spec.share === undefined) spec.next = 1;
  return spec;
}

function checkOperation(operation: string): void {
  const services = FAULT_SERVICES.join(', ');
  if (operation === 'smtp' || operation === '*') return;
  const [service = '', name = ''] = operation.split(':', 2);
  if (!(FAULT_SERVICES as readonly string[]).includes(service) || service === 'smtp')
    throw new FaultSyntaxError(`"${operation}" names no service of the local cloud: ${services}.`);
  if (!/^[A-Za-z0-9_*]+$/.test(name))
    throw new FaultSyntaxError(
      `"${operation}" needs an operation after the service: ${service}:* or one by name, as in IAM's actions.`,
    );
}

/** The fault as it is written; `parseFault` of it gives the same. */
export function formatFault({ operation, kind, after, next, share, seed }: FaultSpec): string {
  return [
    `${operation}=${kind}`,
    ...(after === undefined ? [] : [`after=${after}`]),
    ...(next === undefined ? [] : [`next=${next}`]),
    ...(share === undefined ? [] : [`share=${share}`]),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
  ].join(',');
}
