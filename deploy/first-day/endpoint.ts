import type { Context } from '../context.js';
import { breaks, type FirstDayCheck, holds, needsChampion } from './check.js';

/** What one call came to: the status with the error's name of its first attempt, and the seconds until it was answered. */
interface Call {
  readonly status: string;
  readonly seconds: number;
}

/** A row of numbers of no patient; SageMaker needs no more to start a container or to refuse a call. */
async function invoke({ aws }: Context, EndpointName: string): Promise<Call> {
  const { InvokeEndpointCommand } = await import('@aws-sdk/client-sagemaker-runtime');
  const began = performance.now();
  const command = new InvokeEndpointCommand({
    EndpointName,
    ContentType: 'text/csv',
    Accept: 'application/json',
    Body: '0,0',
  });
  const seen: Call[] = [];
  // Below the SDK's own repetitions, which would hide a refusal that passes.
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { statusCode, headers } = result.response as {
        statusCode: number;
        headers: Record<string, string>;
      };
      const error = headers['x-amzn-errortype']?.split(':')[0];
      seen.push({
        status: error ? `${statusCode} ${error}` : String(statusCode),
        seconds: (performance.now() - began) / 1000,
      });
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'firstAnswer' },
  );
  try {
    await aws.sageMakerRuntime.send(command);
  } catch (error) {
    if (seen.length === 0) throw error;
  }
  return seen[0]!;
}

/** API Gateway gives an integration 29 s. */
const GATEWAY_SECONDS = 29;

export const endpointChecks: readonly FirstDayCheck[] = [
  {
    name: 'cold-start',
    question: 'How long does the first call of an endpoint take that has been idle?',
    async look({ ctx, champion }) {
      const means = `A call that takes longer than ${GATEWAY_SECONDS} s ends as 504, which Snowflake repeats.`;
      if (!champion) return needsChampion(means);
      const first = await invoke(ctx, champion.endpoint);
      const second = await invoke(ctx, champion.endpoint);
      const saw = `first ${first.seconds.toFixed(1)} s (${first.status}), second ${second.seconds.toFixed(1)} s (${second.status}); cold only after some 15 idle minutes`;
      return second.seconds < GATEWAY_SECONDS
        ? holds(saw, means)
        : breaks(saw, `${means} Even a warm endpoint is slower: raise endpoint.memoryMb.`);
    },
  },
  {
    name: 'throttling',
    question: 'With which status does SageMaker refuse a call beyond the concurrency of an endpoint?',
    async look({ ctx, champion }) {
      const means =
        'Snowflake repeats 429 and 5xx, and gives up on 400: a burst would then fail a scoring run, whose rows wait for the next.';
      if (!champion) return needsChampion(means);
      const calls = await Promise.all(Array.from({ length: 20 }, () => invoke(ctx, champion.endpoint)));
      const counts = new Map<string, number>();
      for (const { status } of calls) counts.set(status, (counts.get(status) ?? 0) + 1);
      const saw = `20 at once: ${[...counts].map(([status, n]) => `${n} × ${status}`).join(', ')}`;
      return [...counts.keys()].some((status) => /^400 .*Throttl/i.test(status))
        ? breaks(saw, `${means} Send this file back; until then raise endpoint.maxConcurrency.`)
        : holds(saw, means);
    },
  },
];
