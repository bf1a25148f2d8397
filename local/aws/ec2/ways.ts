// Which way calls came: what "no call goes the public way" is counted by.

/** `public`, or the id of the VPC endpoint that a call came through. */
export type Way = string;

export interface WayCount {
  /** `s3` or `execute-api`. */
  service: string;
  /** The ARN of the user or role. */
  principal: string;
  way: Way;
  calls: number;
}

export const PUBLIC: Way = 'public';

/** Calls by service, principal and way, since the local AWS was started. */
export class Ways {
  private readonly counts = new Map<string, WayCount>();

  count(service: string, principal: string, way: Way): void {
    const key = [service, principal, way].join(' ');
    const entry = this.counts.get(key) ?? { service, principal, way, calls: 0 };
    entry.calls += 1;
    this.counts.set(key, entry);
  }

  /** What was counted until now. */
  read(): WayCount[] {
    return [...this.counts.values()].map((entry) => ({ ...entry }));
  }
}
