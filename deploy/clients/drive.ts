import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Refused, type StatementResult, type Step, type Work } from '../../procedures/ground/work.js';
import type { ControlAnswer } from '../../udfs/control/control-response-translator.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';

/**
 * Carries out from here what a procedure would carry out inside Snowflake: statements over the driver, calls of SageMaker
 * over the AWS SDK.
 * @throws UserError for what the work refuses; otherwise what it throws
 */
export async function drive<T>(
  ctx: Pick<Context, 'snowflake'> & Partial<Pick<Context, 'aws'>>,
  work: Work<T>,
): Promise<T> {
  try {
    let step = work.next();
    while (!step.done) {
      let result: unknown;
      try {
        result = await executeStep(ctx, step.value);
      } catch (error) {
        step = work.throw(error);
        continue;
      }
      step = work.next(result);
    }
    return step.value;
  } catch (error) {
    if (error instanceof Refused) throw new UserError(error.message, { next: error.next, cause: error });
    throw error;
  }
}

async function executeStep(
  { snowflake, aws }: Parameters<typeof drive>[0],
  step: Step,
): Promise<StatementResult | ControlAnswer> {
  if ('action' in step) {
    if (!aws) throw new Error(`${step.action} needs the AWS clients`);
    return await callSageMaker(aws.sageMaker, step.action, step.request);
  }
  const { sql, binds, wants } = step;
  return wants === 'rows'
    ? { rows: await snowflake.query(sql, binds), changed: 0 }
    : { rows: [], changed: await snowflake.execute(sql, binds) };
}

type AnyCommand = new (request: object) => Parameters<SageMakerClient['send']>[0];

/** One call, as LOS_SAGEMAKER answers it: errors of SageMaker are values. */
async function callSageMaker(
  client: SageMakerClient,
  action: string,
  request: object,
): Promise<ControlAnswer> {
  const sdk = (await import('@aws-sdk/client-sagemaker')) as unknown as Record<string, AnyCommand>;
  const Command = sdk[`${action}Command`];
  if (!Command) throw new Error(`The AWS SDK has no ${action}`);
  try {
    const { $metadata: _, ...answer } = (await client.send(new Command(request))) as { $metadata?: unknown };
    return { ok: true, answer };
  } catch (error) {
    if (!(error instanceof Error && '$metadata' in error)) throw error;
    return { ok: false, error: error.name, message: error.message };
  }
}
