import type { AwsClients } from '../../deploy/clients/aws.js';
import { retryWhile } from '../../deploy/ground/retry.js';

/** A part of an answer: its parts by name, each as often as it is there; without parts, its text. */
export interface Part {
  readonly text: string;
  readonly parts: Readonly<Record<string, readonly Part[]>>;
}

/** The version of EC2's API that answers are read by. */
const VERSION = '2016-11-15';

/**
 * Looks at networks by EC2's query protocol ("Amazon EC2 API Reference", Making requests). EC2's own client is a package of 28 MB; what
 * it signs and sends with is there for the others.
 * @param action one of Describe…, with filters: what is missing is no error then
 * @param set the answer's list, e.g. subnetSet
 * @throws Error with EC2's code as its name
 * @example
 * await describe(aws, 'DescribeSubnets', { 'subnet-id': ['subnet-0123'] }, 'subnetSet');
 */
export async function describe(
  aws: AwsClients,
  action: string,
  filters: Readonly<Record<string, readonly string[]>>,
  set: string,
): Promise<readonly Part[]> {
  const form = new URLSearchParams({ Action: action, Version: VERSION });
  for (const [i, [name, values]] of Object.entries(filters).entries()) {
    form.set(`Filter.${i + 1}.Name`, name);
    for (const [j, value] of values.entries()) form.set(`Filter.${i + 1}.Value.${j + 1}`, value);
  }
  const answer = await retryWhile(
    () => send(aws, form.toString()),
    (error) => /^(RequestLimitExceeded|Unavailable|InternalError)$/.test((error as Error).name),
    { seconds: 30 },
  );
  return answer.parts[set]?.[0]?.parts.item ?? [];
}

async function send({ iam, region }: AwsClients, body: string): Promise<Part> {
  const { config } = iam;
  const elsewhere = process.env.AWS_ENDPOINT_URL_EC2 ?? process.env.AWS_ENDPOINT_URL;
  const given = config.isCustomEndpoint ? await config.endpoint?.() : undefined;
  const url = new URL(
    given
      ? `${given.protocol}//${given.hostname}:${given.port ?? ''}`
      : (elsewhere ?? `https://ec2.${region}.amazonaws.com`),
  );
  // A client's own signer remembers whose it is.
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { credentials, sha256 } = config;
  const signer = new SignatureV4({ service: 'ec2', region, credentials, sha256 });
  const request = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port ? { port: Number(url.port) } : {}),
    path: '/',
    query: {},
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body,
  });
  const { response } = await config.requestHandler.handle(request as never);
  const text = config.utf8Encoder(await config.streamCollector(response.body));
  const [answer] = Object.values(readXml(text).parts)[0] ?? [];
  if (response.statusCode < 300 && answer) return answer;
  const error = answer?.parts.Errors?.[0]?.parts.Error?.[0];
  throw Object.assign(new Error(error?.parts.Message?.[0]?.text ?? `EC2 answers ${response.statusCode}`), {
    name: error?.parts.Code?.[0]?.text ?? 'UnknownError',
    $metadata: { httpStatusCode: response.statusCode },
  });
}

/** EC2's XML: elements and text, of which no attribute matters. */
export function readXml(xml: string): Part {
  type Open = { text: string; parts: Record<string, Open[]> };
  const top: Open = { text: '', parts: {} };
  const open = [top];
  for (const [, closes, name = '', empty, text = ''] of xml.matchAll(
    /<(\/?)([A-Za-z][\w:]*)[^>]*?(\/?)>([^<]*)/g,
  )) {
    const at = open.at(-1) as Open;
    if (closes) open.pop();
    else {
      const part: Open = { text: empty ? '' : decode(text), parts: {} };
      at.parts[name] = [...(at.parts[name] ?? []), part];
      if (!empty) open.push(part);
    }
  }
  return top;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    name ? (NAMED[name] ?? whole) : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
