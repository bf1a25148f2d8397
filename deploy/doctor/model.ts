import { invocations, literal, qualified } from '../../procedures/ground/names.js';
import { encode, toCsvLine } from '../../udfs/encoding/encoding.js';
import { BatchReader } from '../../udfs/translators/batch.js';
import { messageOf } from '../errors.js';
import { isMissing } from '../ground/aws-errors.js';
import { libraryOf } from '../model/library.js';
import { recordOf } from '../model/registry.js';
import { lostFeatures } from '../operate/lost-features.js';
import { champion, sampleRow } from './champion.js';
import type { Check, Note, Problem } from './check.js';
import type { Scene } from './scene.js';

/** The promoted version: its translators, its endpoint, and what it answers. */
export const modelChecks: readonly Check[] = [
  {
    name: 'model',
    title: 'a version is promoted',
    needs: ['tables', 'external-functions'],
    look: promoted,
  },
  {
    name: 'model-features',
    title: 'the contract has every feature that the promoted version reads',
    needs: ['model'],
    look: features,
  },
  {
    name: 'request-translator',
    title: "the request translator writes the model's input",
    needs: ['model', 'warehouse'],
    look: requestTranslator,
  },
  { name: 'endpoint', title: 'the endpoint is in service', needs: ['model'], look: endpoint },
  {
    name: 'endpoint-answer',
    title: 'the model answers a call of its endpoint',
    needs: ['endpoint', 'request-translator'],
    look: endpointAnswer,
  },
  {
    name: 'gateway-call',
    title: 'API Gateway reaches the endpoint with its role',
    needs: ['endpoint-answer', 'method', 'integration', 'gateway-role', 'gateway-permission'],
    look: gatewayCall,
  },
  {
    name: 'response-translator',
    title: "the response translators read the model's answer",
    needs: ['functions', 'endpoint-answer', 'function-wiring'],
    look: responseTranslators,
  },
];

async function promoted(scene: Scene): Promise<Problem | Note | undefined> {
  const entry = await champion(scene);
  if (!entry)
    return {
      what: 'No model version has been promoted, so predict_los has nothing to ask.',
      fix: scene.los('train --promote'),
    };
  const { days, detail, reasons } = invocations(scene.ctx.settings);
  for (const [name, translator] of [
    [days, entry.translator],
    [detail, entry.translator],
    [reasons, entry.reasonsTranslator],
  ] as const) {
    const { request_translator: shown } = await scene.describeFunction(
      qualified(scene.ctx.settings, `${name}(OBJECT)`),
    );
    // An account whose DESCRIBE does not show it: then the check of the prediction tells.
    if (shown === undefined) continue;
    const used = bare(shown);
    if (used !== translator)
      return {
        what: `${name} uses the request translator ${used || '(none)'}, while ${entry.version} is the promoted version.`,
        fix: scene.los(`model promote ${entry.version}`),
      };
  }
  return { note: await makerOf(scene, entry.version) };
}

/** Which version, and what made it: as its file says, or else the container that was asked for. */
async function makerOf({ ctx }: Scene, version: string): Promise<string> {
  const { artifact, lineage } = await recordOf(ctx, version);
  const library = await libraryOf(ctx, artifact);
  if (library) return `${version}, trained by XGBoost ${library}`;
  return `${version}, trained in ${String(lineage.image ?? 'an image that is not recorded')
    .split('/')
    .at(-1)}`;
}

async function features(scene: Scene): Promise<Problem | undefined> {
  const what = await lostFeatures(scene.ctx, scene.contract);
  if (what === undefined) return undefined;
  return {
    what,
    fix: `${scene.los('train --promote')}, or put the features of the contract back as they were and ${scene.los('apply')}`,
  };
}

/** `"DB"."SCHEMA"."F"` → `F`. */
function bare(name: string): string {
  return name.replaceAll('"', '').split('.').at(-1) ?? '';
}

interface Translated {
  readonly body: string;
  readonly urlSuffix: string;
  readonly translatorData: unknown;
}

/** What the request translator makes of one row. */
function translated(scene: Scene): Promise<Translated> {
  return scene.once('translated', async () => {
    const { translator, model } = (await champion(scene))!;
    return callTranslator<Translated>(scene, translator, { body: { data: [[0, sampleRow(model)]] } });
  });
}

async function callTranslator<T>(scene: Scene, name: string, event: object): Promise<T> {
  const [row] = await scene.ctx.snowflake.query<{ R: T | string }>(
    `SELECT ${qualified(scene.ctx.settings, name)}(PARSE_JSON(${literal(JSON.stringify(event))})::OBJECT) AS R`,
  );
  return (typeof row!.R === 'string' ? JSON.parse(row!.R) : row!.R) as T;
}

async function requestTranslator(scene: Scene): Promise<Problem | undefined> {
  const entry = (await champion(scene))!;
  const fix = `${scene.los('model promote')} of another version, or ${scene.los('train --promote')}`;
  let result: Translated;
  try {
    result = await translated(scene);
  } catch (error) {
    return { what: `The request translator ${entry.translator} fails: ${messageOf(error)}`, fix };
  }
  if (result?.urlSuffix !== `/${entry.endpoint}/invocations`)
    return {
      what: `The request translator ${entry.translator} sends rows to ${result?.urlSuffix ?? 'nowhere'} instead of the endpoint ${entry.endpoint}.`,
      fix,
    };
  const line = toCsvLine(encode(sampleRow(entry.model), entry.model.features));
  const expected = new BatchReader(entry.model).body([line]);
  if (result.body !== expected)
    return {
      what: `The request translator ${entry.translator} does not encode as ${entry.version} was trained.`,
      fix,
    };
  return undefined;
}

async function endpoint(scene: Scene): Promise<Problem | undefined> {
  const { endpoint: name, version } = (await champion(scene))!;
  const other = `${scene.los('train --promote')}, or ${scene.los('model promote')} of a version whose endpoint is in service`;
  try {
    const { EndpointStatus, FailureReason } = await scene.ctx.aws.sageMaker.describeEndpoint({
      EndpointName: name,
    });
    if (EndpointStatus === 'InService') return undefined;
    const passing = EndpointStatus !== 'Failed' && EndpointStatus !== 'Deleting';
    return {
      what: `The endpoint ${name} of ${version} is ${EndpointStatus}${FailureReason ? `: ${FailureReason}` : ''}.`,
      fix: passing ? `Wait, then ${scene.los('doctor')}` : other,
    };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return {
      what: `The endpoint ${name} of ${version} does not exist.`,
      fix: `${scene.los(`model promote ${version}`)}: it recreates it, and predict_los answers some minutes later`,
    };
  }
}

/** What the endpoint answers to the translated row, as API Gateway asks for it. */
function answer(scene: Scene): Promise<string> {
  return scene.once('answer', async () => {
    const { endpoint: EndpointName } = (await champion(scene))!;
    const { body } = await translated(scene);
    const { Body } = await scene.ctx.aws.sageMakerRuntime.invokeEndpoint({
      EndpointName,
      ContentType: 'text/csv',
      Accept: 'application/json',
      Body: Buffer.from(body),
    });
    return Body!.transformToString();
  });
}

async function endpointAnswer(scene: Scene): Promise<Problem | undefined> {
  const { endpoint: name } = (await champion(scene))!;
  try {
    await answer(scene);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && '$metadata' in error)) throw error;
    return {
      what: `The endpoint ${name} refuses a row: ${messageOf(error)}`,
      fix: `Read its log in CloudWatch (/aws/sagemaker/Endpoints/${name}); a new version: ${scene.los('train --promote')}`,
    };
  }
}

/** API Gateway's own test call: no caller's permission, no deployment, but the integration's role and mapping. */
async function gatewayCall(scene: Scene): Promise<Problem | undefined> {
  const api = (await scene.restApi())!;
  const resource = (await scene.endpointResource())!;
  const { endpoint: name } = (await champion(scene))!;
  const { status, log } = await scene.ctx.aws.apiGateway.testInvokeMethod({
    restApiId: api.id,
    resourceId: resource.id,
    httpMethod: 'POST',
    pathWithQueryString: `/endpoints/${name}/invocations`,
    body: (await translated(scene)).body,
    headers: { 'Content-Type': 'text/csv' },
  });
  if (status === 200) return undefined;
  const why = /Execution failed[^\n]*|"Message":\s*"[^"]*"|"message":\s*"[^"]*"/i.exec(log ?? '')?.[0];
  return {
    what: `API Gateway answers ${status} for the endpoint ${name}${why ? `: ${why}` : ''}.`,
    fix: `API Gateway console: ${api.name} > Resources > POST > Test shows the log; ${scene.los('apply')} restores the method`,
  };
}

async function responseTranslators(scene: Scene): Promise<Problem | undefined> {
  const text = await answer(scene);
  const { translatorData } = await translated(scene);
  for (const [name, declared] of [
    [invocations(scene.ctx.settings).days, 'LOS_RESPONSE'],
    [invocations(scene.ctx.settings).detail, 'LOS_RESPONSE_DETAIL'],
  ] as const) {
    const described = await scene.describeFunction(qualified(scene.ctx.settings, `${name}(OBJECT)`));
    const translator = bare(described.response_translator ?? declared);
    try {
      const { body } = await callTranslator<{ body?: { data?: [number, unknown][] } }>(scene, translator, {
        body: JSON.parse(text) as unknown,
        translatorData,
      });
      const first = body?.data?.[0];
      const days = typeof first?.[1] === 'number' ? first[1] : (first?.[1] as { days?: number })?.days;
      if (first?.[0] === 0 && Number.isFinite(days)) continue;
      return {
        what: `The response translator ${translator} makes no prediction of the model's answer.`,
        fix: scene.los('apply'),
      };
    } catch (error) {
      return {
        what: `The response translator ${translator} fails: ${messageOf(error)}`,
        fix: scene.los('apply'),
      };
    }
  }
  return undefined;
}
