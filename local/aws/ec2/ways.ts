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

/** No answer at all, from a VPC without a way to S3. */
export const NO_WAY = 'NoWayToS3';
/** SageMaker's words for it, as jobs that failed so quote them. */
export const NO_WAY_TEXT =
  "Please ensure that the subnet's route table has a route to an S3 VPC endpoint or a NAT device, both the security groups and the subnet's network ACL allow outbound traffic to S3.";

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
