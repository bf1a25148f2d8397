import type { AwsClients } from '../../deploy/clients/aws.js';
import { retryWhile } from '../../deploy/ground/retry.js';

/** An element of an answer: its text, or its elements by name. Lists are elements `item`. */
export type Part = string | { readonly [name: string]: Part | readonly Part[] };

/** An element's text; without such an element nothing. */
export function textOf(part: Part | undefined, name: string): string {
  const found = typeof part === 'object' ? part[name] : undefined;
  return typeof found === 'string' ? found : '';
}

/** Items of a list; without such a list nothing. */
export function itemsOf(part: Part | undefined, name: string): readonly Part[] {
  const list = elementOf(part, name);
  const items = typeof list === 'object' ? list.item : undefined;
  return items === undefined ? [] : [items].flat();
}

function elementOf(part: Part | undefined, name: string): Part | undefined {
  const found = typeof part === 'object' ? part[name] : undefined;
  return found === undefined ? undefined : [found].flat()[0];
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
  return itemsOf(answer, set);
}

async function send({ iam, region }: AwsClients, body: string): Promise<Part> {
  const { config } = iam;
  const address = process.env.AWS_ENDPOINT_URL_EC2 ?? process.env.AWS_ENDPOINT_URL;
  const given = config.isCustomEndpoint ? await config.endpoint?.() : undefined;
  const url = new URL(
    given
      ? `${given.protocol}//${given.hostname}:${given.port ?? ''}`
      : (address ?? `https://ec2.${region}.amazonaws.com`),
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
  const answer = await readXml(text);
  if (response.statusCode < 300 && answer) return answer;
  const error = elementOf(elementOf(answer, 'Errors'), 'Error');
  throw Object.assign(new Error(textOf(error, 'Message') || `EC2 answers ${response.statusCode}`), {
    name: textOf(error, 'Code') || 'UnknownError',
    $metadata: { httpStatusCode: response.statusCode },
  });
}

/** The answer in EC2's XML, of which no attribute matters; undefined: it is none. */
export async function readXml(xml: string): Promise<Part | undefined> {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    htmlEntities: true,
  });
  const [answer] = Object.values(parser.parse(xml) as Record<string, Part>);
  return answer;
}
