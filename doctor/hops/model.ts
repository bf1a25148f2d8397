import { messageOf } from '../../deploy/errors.js';
import { unlessMissing } from '../../deploy/ground/aws-errors.js';
import { libraryOf } from '../../deploy/model/library.js';
import { recordOf } from '../../deploy/model/registry.js';
import { describeMissingFeatures } from '../../deploy/operate/missing-features.js';
import { apiResources } from '../../deploy/resources/aws/rest-api-routes.js';
import { invocations, literal, qualify } from '../../procedures/ground/names.js';
import { variant } from '../../procedures/ground/work.js';
import { encode, toCsvLine } from '../../udfs/encoding/encoding.js';
import { requireValue } from '../../udfs/require-value.js';
import { BatchReader } from '../../udfs/translators/batch.js';
import { type Champion, sampleRow } from '../champion.js';
import { type Answer, breaks, type Check, holds } from '../check.js';
import type { Scene } from './scene.js';
import { PATH } from './words.js';

/** The promoted version: its translators, its endpoint, and what it answers. No plan sees what promotion changes. */
export const modelChecks: readonly Check<Scene>[] = [
  {
    name: 'model',
    asks: 'a version is promoted',
    needs: ['tables', 'external-functions'],
    look: checkPromotion,
  },
  {
    name: 'model-features',
    asks: 'the contract has every feature that the promoted version reads',
    needs: ['model'],
    async look({ ctx, contract, los }) {
      const what = await describeMissingFeatures(ctx, contract);
      const back = `or put the features of the contract back as they were and ${los('apply')}`;
      return what === undefined ? undefined : breaks(what, `${los('train --promote')}, ${back}`);
    },
  },
  {
    name: 'request-translator',
    asks: "the request translator writes the model's input",
    needs: ['model', 'warehouse'],
    look: requestTranslator,
  },
  { name: 'endpoint', asks: 'the endpoint is in service', needs: ['model'], look: endpoint },
  {
    name: 'endpoint-answer',
    asks: 'the model answers a call of its endpoint',
    needs: ['endpoint', 'request-translator'],
    async look(scene) {
      const { endpoint: name } = await requireChampion(scene);
      try {
        await answer(scene);
        return undefined;
      } catch (error) {
        if (!(error instanceof Error && '$metadata' in error)) throw error;
        return breaks(
          `The endpoint ${name} refuses a row: ${messageOf(error)}`,
          `Read its log in CloudWatch (/aws/sagemaker/Endpoints/${name}); a new version: ${scene.los('train --promote')}`,
        );
      }
    },
  },
  {
    name: 'gateway-call',
    asks: 'API Gateway reaches the endpoint with its role',
    needs: ['endpoint-answer', 'method', 'integration', 'gateway-role', 'gateway-permission'],
    look: gatewayCall,
  },
  {
    name: 'response-translator',
    asks: "the response translators read the model's answer",
    needs: ['functions', 'endpoint-answer', 'function-wiring'],
    look: responseTranslators,
  },
];

/** For checks that need `model`. */
export const requireChampion = async (scene: Scene): Promise<Champion> =>
  requireValue(await scene.champion(), 'champion');

async function checkPromotion(scene: Scene): Promise<Answer> {
  const { ctx, los } = scene;
  const entry = await scene.champion();
  if (!entry) {
    const lost = await lostVersion(ctx);
    return lost === undefined
      ? breaks(
          'No model version has been promoted, so predict_los has nothing to ask.',
          los('train --promote'),
        )
      : breaks(
          `No model version is promoted. ${lost} has predicted, and LOS_MODEL_REGISTRY has no row of it any more.`,
          `docs/runbook/tables.md: Time Travel brings the row back, within a day as a rule. Or else ${los('train --promote')}`,
        );
  }
  const { days, detail, reasons } = invocations(ctx.settings);
  for (const [name, translator] of [
    [days, entry.translator],
    [detail, entry.translator],
    [reasons, entry.reasonsTranslator],
  ] as const) {
    const { request_translator: shown } = await scene.describeFunction(`${name}(OBJECT)`);
    // An account whose DESCRIBE does not show it: then the check of the prediction tells.
    if (shown === undefined || baseName(shown) === translator) continue;
    return breaks(
      `${name} uses the request translator ${baseName(shown) || '(none)'}, while ${entry.version} is the promoted version.`,
      los(`model promote ${entry.version}`),
    );
  }
  // What made it: as its file says, or else the container that was asked for.
  const { artifact, lineage } = await recordOf(ctx, entry.version);
  const library = await libraryOf(ctx, artifact);
  const image = String(lineage.image ?? 'an image that is not recorded');
  const made = `${entry.version}, trained ${library ? `by XGBoost ${library}` : `in ${image.split('/').at(-1)}`}`;
  return holds(made);
}

/** The version that predicted last of those whose rows the registry has lost. */
async function lostVersion({ snowflake, settings }: Scene['ctx']): Promise<string | undefined> {
  const [row] = await snowflake.query(
    `SELECT l.MODEL_VERSION AS VERSION FROM ${qualify(settings, 'LOS_PREDICTION_LOG')} AS l
LEFT JOIN ${qualify(settings, 'LOS_MODEL_REGISTRY')} AS r ON r.VERSION = l.MODEL_VERSION
WHERE r.VERSION IS NULL ORDER BY l.PREDICTED_AT DESC LIMIT 1`,
  );
  return row && String(row.VERSION);
}

/** `"DB"."SCHEMA"."F"` → `F`. */
const baseName = (name: string) => name.replaceAll('"', '').split('.').at(-1) ?? '';

interface TranslatorOutput {
  readonly body: string;
  readonly urlSuffix: string;
  readonly translatorData: unknown;
}

/** Translates one row by the request translator. */
function translateSample(scene: Scene): Promise<TranslatorOutput> {
  return scene.readOnce('translated', async () => {
    const { translator, model } = await requireChampion(scene);
    return callTranslator<TranslatorOutput>(scene, translator, { body: { data: [[0, sampleRow(model)]] } });
  });
}

async function callTranslator<T>({ ctx }: Scene, name: string, event: object): Promise<T> {
  const [row] = await ctx.snowflake.query(
    `SELECT ${qualify(ctx.settings, name)}(PARSE_JSON(${literal(JSON.stringify(event))})::OBJECT) AS R`,
  );
  return variant<T>(row?.R);
}

async function requestTranslator(scene: Scene): Promise<Answer | undefined> {
  const { translator, endpoint, model, version } = await requireChampion(scene);
  // CHECK_MODEL, which apply calls, remakes it from the registry.
  const breaksTranslator = (what: string, fix = scene.los('apply')) =>
    breaks(`The request translator ${translator} ${what}`, fix);
  let result: TranslatorOutput;
  try {
    result = await translateSample(scene);
  } catch (error) {
    return breaksTranslator(`fails: ${messageOf(error)}`);
  }
  if (result?.urlSuffix !== `/${endpoint}/invocations`)
    return breaksTranslator(
      `sends rows to ${result?.urlSuffix ?? 'nowhere'} instead of the endpoint ${endpoint}.`,
    );
  const line = toCsvLine(encode(sampleRow(model), model.features));
  return result.body === new BatchReader(model).body([line])
    ? undefined
    : breaksTranslator(
        `does not encode as ${version} was trained.`,
        `${scene.los('model promote')} of another version, or ${scene.los('train --promote')}`,
      );
}

async function endpoint(scene: Scene): Promise<Answer | undefined> {
  const { endpoint: name, version } = await requireChampion(scene);
  const { los } = scene;
  const live = await unlessMissing(scene.ctx.aws.sageMaker.describeEndpoint({ EndpointName: name }));
  const remake = los(`model promote ${version}`);
  if (!live)
    return breaks(
      `The endpoint ${name} of ${version} does not exist.`,
      `${remake}: it recreates it, and predict_los answers some minutes later; without its artifact: ${los('train --promote')}`,
    );
  const { EndpointStatus, FailureReason } = live;
  if (EndpointStatus === 'InService') return undefined;
  return breaks(
    `The endpoint ${name} of ${version} is ${EndpointStatus}${FailureReason ? `: ${FailureReason}` : ''}.`,
    EndpointStatus === 'Failed' || EndpointStatus === 'Deleting'
      ? `${remake} recreates it; without its artifact: ${los('train --promote')}`
      : `Wait, then ${los('doctor')}`,
  );
}

/** Answer of the endpoint to the translated row, as API Gateway asks for it. */
function answer(scene: Scene): Promise<string> {
  return scene.readOnce('answer', async () => {
    const { Body } = await scene.ctx.aws.sageMakerRuntime.invokeEndpoint({
      EndpointName: (await requireChampion(scene)).endpoint,
      ContentType: 'text/csv',
      Accept: 'application/json',
      Body: Buffer.from((await translateSample(scene)).body),
    });
    return requireValue(Body, 'answer').transformToString();
  });
}

/** API Gateway's own test call: no caller's permission, no deployment, but the integration's role and mapping. */
async function gatewayCall(scene: Scene): Promise<Answer | undefined> {
  const { ctx } = scene;
  const restApiId = (await scene.apiId()) ?? '';
  const resources = await apiResources(scene.read, restApiId);
  const { endpoint: name } = await requireChampion(scene);
  const { status, log } = await ctx.aws.apiGateway.testInvokeMethod({
    restApiId,
    resourceId: resources.find(({ path }) => path === PATH)?.id,
    httpMethod: 'POST',
    pathWithQueryString: `/endpoints/${name}/invocations`,
    body: (await translateSample(scene)).body,
    headers: { 'Content-Type': 'text/csv' },
  });
  if (status === 200) return undefined;
  const why = /Execution failed[^\n]*|"Message":\s*"[^"]*"|"message":\s*"[^"]*"/i.exec(log ?? '')?.[0];
  return breaks(
    `API Gateway answers ${status} for the endpoint ${name}${why ? `: ${why}` : ''}.`,
    `API Gateway console: ${ctx.settings.aws.restApi.name} > Resources > POST > Test shows the log; ${scene.los('apply')} restores the method`,
  );
}

async function responseTranslators(scene: Scene): Promise<Answer | undefined> {
  const event = {
    body: JSON.parse(await answer(scene)) as unknown,
    translatorData: (await translateSample(scene)).translatorData,
  };
  const { days, detail } = invocations(scene.ctx.settings);
  for (const [name, declared] of [
    [days, 'LOS_RESPONSE'],
    [detail, 'LOS_RESPONSE_DETAIL'],
  ] as const) {
    const described = await scene.describeFunction(`${name}(OBJECT)`);
    const translator = baseName(described.response_translator ?? declared);
    const breaksTranslator = (what: string) =>
      breaks(`The response translator ${translator} ${what}`, scene.los('apply'));
    try {
      const { body } = await callTranslator<{ body?: { data?: [number, unknown][] } }>(
        scene,
        translator,
        event,
      );
      const first = body?.data?.[0];
      const given = typeof first?.[1] === 'number' ? first[1] : (first?.[1] as { days?: number })?.days;
      if (first?.[0] !== 0 || !Number.isFinite(given))
        return breaksTranslator("makes no prediction of the model's answer.");
    } catch (error) {
      return breaksTranslator(`fails: ${messageOf(error)}`);
    }
  }
  return undefined;
}
