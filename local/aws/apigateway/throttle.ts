// Throttling: a token bucket per stage, by the stage's rate and burst limits or the account's.
import type { Clock } from '@local-cloud/kit/clock.js';
import type { Stage } from './model.js';

/** The account's defaults per region. */
const RATE = 10_000;
const BURST = 5_000;

export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly clock: Clock) {}

  /** Takes a token for one request, or says that there is none. */
  allows(apiId: string, stage: Stage): boolean {
    const settings = stage.methodSettings?.['*/*'];
    const rate = settings?.throttlingRateLimit ?? RATE;
    const burst = settings?.throttlingBurstLimit ?? BURST;
    const key = `${apiId}/${stage.stageName}`;
    const now = this.clock.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
