import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { drive } from '../deploy/clients/drive.js';
import { messageOf, UserError } from '../deploy/errors.js';
import { planOfDeployment } from '../deploy/model/plan.js';
import { type Answer, breaks, type Check, holds, open } from '../doctor/check.js';
import { forgetAnswers, loadAnswers } from '../procedures/fitting/answers.js';
import { addressOf, stageOf, unload } from '../procedures/fitting/training-file.js';
import { literal, qualify, schemaPath, TRAINING_FILES } from '../procedures/ground/names.js';
import { Later, Refused, variant } from '../procedures/ground/work.js';
import { createModel, removeModel } from '../procedures/jobs/endpoint.js';
import { startTransform, transformOf } from '../procedures/jobs/transform-job.js';
import type { ControlAnswer } from '../udfs/control/control-response-translator.js';
import { requireValue } from '../udfs/require-value.js';
import { championOf, type FirstDay, PROMOTED } from './scene.js';

const ROWS = 10;
/** Seconds after which a transform that has not ended is left to itself. */
const PATIENCE = 900;

/** Encodes some admissions: lines of numbers. */
async function encodeLines(day: FirstDay): Promise<string[]> {
  const { snowflake, settings } = day.ctx;
  const rows = await snowflake.query(
    `SELECT OBJECT_CONSTRUCT(*) AS F FROM ${schemaPath(settings)}.LOS_FEATURES LIMIT ${ROWS}`,
  );
  const data = rows.map(({ F }, i) => [i, variant<object>(F)]);
  const [row] = await snowflake.query(
    `SELECT ${qualify(settings, championOf(day).translator)}(PARSE_JSON(?)::OBJECT):body::VARCHAR AS BODY`,
    [JSON.stringify({ body: { data } })],
  );
  return String(row?.BODY ?? '')
    .split('\n')
    .filter((line) => line !== '');
}

/** Predictions of the endpoint for lines, in their order. */
async function endpointAnswers(day: FirstDay, lines: readonly string[]): Promise<number[]> {
  const { Body } = await day.ctx.aws.sageMakerRuntime.invokeEndpoint({
    EndpointName: championOf(day).endpoint,
    ContentType: 'text/csv',
    Accept: 'application/json',
    Body: lines.join('\n'),
  });
  const { predictions } = JSON.parse(Buffer.from(requireValue(Body, 'answer')).toString('utf8')) as {
    predictions: { score: number }[];
  };
  return predictions.map(({ score }) => score);
}

async function batchTransform(day: FirstDay): Promise<Answer> {
  const { ctx, contract } = day;
  const { version, artifact } = championOf(day);
  const plan = await planOfDeployment(ctx, contract);
  const lines = await encodeLines(day);
  const name = `${ctx.settings.prefix}-first-day-${randomUUID().slice(0, 8)}`;
  const folder = `${TRAINING_FILES}/${name}`;
  const began = performance.now();
  try {
    await drive(
      ctx,
      unload(
        plan,
        `${folder}/lines`,
        `SELECT VALUE::VARCHAR AS LINE FROM TABLE(FLATTEN(PARSE_JSON(${literal(JSON.stringify(lines))}))) ORDER BY INDEX`,
      ),
    );
    await drive(ctx, createModel(plan, { name, version, artifact }));
    await drive(
      ctx,
      startTransform(plan, {
        name,
        version,
        model: name,
        input: addressOf(plan, `${folder}/lines`),
        output: addressOf(plan, `${folder}/answers`),
      }),
    );
    for (
      let wait = 200;
      (await drive(ctx, transformOf(name))) !== 'transformed';
      wait = Math.min(10_000, wait * 1.5)
    ) {
      if (performance.now() - began > PATIENCE * 1000)
        return open(
          `the transform has not ended after ${PATIENCE} s`,
          `It ends by itself; look at ${name} in SageMaker.`,
        );
      await sleep(wait, undefined, { signal: ctx.signal });
    }
    await drive(ctx, loadAnswers(plan, name, name, `${folder}/answers`));
    const rows = await ctx.snowflake.query(
      `SELECT PREDICTED_LOS FROM ${qualify(ctx.settings, 'LOS_CANDIDATE_PREDICTIONS')} WHERE RUN_ID = ? ORDER BY LINE_NUMBER`,
      [name],
    );
    const wanted = await endpointAnswers(day, lines);
    const alike = wanted.filter((score, i) => Math.abs(score - Number(rows[i]?.PREDICTED_LOS)) < 1e-3).length;
    const saw = `${rows.length} answers to ${lines.length} lines, ${alike} of them the endpoint's, in ${Math.round((performance.now() - began) / 1000)} s`;
    return rows.length === lines.length && alike === lines.length
      ? holds(saw)
      : breaks(saw, 'Trainings of several candidates stop there. Send this file back.');
  } catch (error) {
    if (error instanceof Later) return open(messageOf(error));
    if (!(error instanceof UserError || error instanceof Refused)) throw error;
    return breaks(messageOf(error), 'Trainings of several candidates stop there. Send this file back.');
  } finally {
    await drive(ctx, forgetAnswers(plan, name));
    await drive(ctx, removeModel(name));
    await ctx.snowflake.execute(`REMOVE ${stageOf(plan, folder)}/`);
  }
}

/** By the way that procedures go: SageMaker asks for rights that another way might have. */
async function modelPackage({ ctx, contract, champion }: FirstDay): Promise<Answer> {
  const { aws } = await planOfDeployment(ctx, contract);
  const request = {
    ModelPackageGroupName: `${ctx.settings.prefix}-${contract.name.replaceAll('_', '-')}`,
    ModelPackageDescription: 'los first-day: may be deleted at any time',
    ClientToken: randomUUID(),
    SkipModelValidation: 'All',
    InferenceSpecification: {
      Containers: [{ Image: aws.image, ModelDataUrl: champion?.artifact }],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    },
    ModelApprovalStatus: 'PendingManualApproval',
  };
  const [row] = await ctx.snowflake.query(
    `SELECT ${qualify(ctx.settings, 'LOS_SAGEMAKER')}('CreateModelPackage', PARSE_JSON(?)::OBJECT) AS ANSWER`,
    [JSON.stringify(request)],
  );
  const answer = variant<ControlAnswer>(row?.ANSWER);
  if (!answer.ok)
    return breaks(`${answer.error}: ${answer.message}`, 'A training reports this and goes on without.');
  await ctx.aws.sageMaker.deleteModelPackage({
    ModelPackageName: String((answer.answer as { ModelPackageArn?: string }).ModelPackageArn),
  });
  return holds('made, and deleted again');
}

export const jobChecks: readonly Check<FirstDay>[] = [
  {
    name: 'model-package',
    asks: 'May a procedure enter a version into SageMaker’s registry?',
    means: 'Versions are entered into SageMaker’s registry for people to see; promotion does not need it.',
    needs: [PROMOTED],
    look: modelPackage,
  },
  {
    name: 'batch-transform',
    asks: `Does a batch transform answer ${ROWS} admissions line for line, as the endpoint does?`,
    means: 'Candidates are compared by batch transforms: an answer a line, in order.',
    needs: [PROMOTED],
    look: batchTransform,
  },
];
