import { ASSUMED } from '../deploy/costs/task-credits.js';
import { breaks, type Check, holds } from '../doctor/check.js';
import { requireValue } from '../udfs/require-value.js';
import { type FirstDay, PROMOTED } from './scene.js';

/** Outcome of one call: the status with the error's name of its first attempt, and the seconds until it was answered. */
interface Call {
  readonly status: string;
  readonly seconds: number;
}

/** A row of numbers of no patient; SageMaker needs no more to start a container or to refuse a call. */
async function invoke({ ctx, champion }: FirstDay): Promise<Call> {
  const { InvokeEndpointCommand } = await import('@aws-sdk/client-sagemaker-runtime');
  const began = performance.now();
  const command = new InvokeEndpointCommand({
    EndpointName: champion?.endpoint,
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
    await ctx.aws.sageMakerRuntime.send(command);
  } catch (error) {
    if (seen.length === 0) throw error;
  }
  return requireValue(seen[0], 'answer');
}

/** API Gateway gives an integration 29 s. */
const GATEWAY_SECONDS = 29;

/** Compares a cold start with what `los plan` assumes. @param seconds that the first call took longer than the second */
export function coldness(seconds: number): string {
  const [least, typical, most] = [ASSUMED.least.cold, ASSUMED.typical.cold, ASSUMED.most.cold];
  if (seconds < least)
    return `no cold start: it was warm, or is so at once; ask again after 15 minutes without a call, and after 5, which tells for how long it stays warm`;
  const half = seconds > typical ? 'in the dear half' : 'in the cheap half';
  const place = seconds > most ? 'beyond all' : half;
  return `a cold start of ${seconds.toFixed(1)} s, ${place} of the ${least} to ${most} s that los plan assumes (${typical} in the middle)`;
}

export const endpointChecks: readonly Check<FirstDay>[] = [
  {
    name: 'cold-start',
    asks: 'How long does the first call of an endpoint take that has been idle?',
    means: `A call that takes longer than ${GATEWAY_SECONDS} s ends as 504, which Snowflake repeats.`,
    needs: [PROMOTED],
    async look(day) {
      const first = await invoke(day);
      const second = await invoke(day);
      const saw = `first ${first.seconds.toFixed(1)} s (${first.status}), second ${second.seconds.toFixed(1)} s (${second.status}); ${coldness(first.seconds - second.seconds)}`;
      return second.seconds < GATEWAY_SECONDS
        ? holds(saw)
        : breaks(saw, 'Even a warm endpoint is slower: set endpoint.type: instance.');
    },
  },
  {
    name: 'throttling',
    asks: 'With which status does SageMaker refuse a call beyond the concurrency of an endpoint?',
    means:
      'Snowflake repeats 429 and 5xx, and gives up on 400: a burst would then fail a scoring run, and its rows would wait for the next.',
    needs: [PROMOTED],
    async look(day) {
      const calls = await Promise.all(Array.from({ length: 20 }, () => invoke(day)));
      const counts = new Map<string, number>();
      for (const { status } of calls) counts.set(status, (counts.get(status) ?? 0) + 1);
      const saw = `20 at once: ${[...counts].map(([status, n]) => `${n} × ${status}`).join(', ')}`;
      return [...counts.keys()].some((status) => /^400 .*Throttl/i.test(status))
        ? breaks(saw, 'Send this file back; until then raise endpoint.maxConcurrency.')
        : holds(saw);
    },
  },
];
