/**
 * List prices on demand in US dollars, AWS us-east-1, November 2026; Snowflake's Business Critical edition,
 * the one for health data. For an estimate: look at the pages before you rely on it.
 */
export const prices = {
  source:
    'List prices on demand, us-east-1, November 2026 (aws.amazon.com/sagemaker/ai/pricing, snowflake.com/pricing: Business Critical)',
  snowflakeCredit: 4,
  snowflakeStorageTbMonth: 40,
  s3GbMonth: 0.023,
  apiGatewayMillionRequests: 3.5,
  /** Until it is deleted; each of its first two rotations adds as much. aws.amazon.com/kms/pricing, looked at on 2026-11-30. */
  kmsKeyMonth: 1,
  /** Beyond 20,000 a month of the account, which are free. */
  kmsTenThousandRequests: 0.03,
  /**
   * Snowflake's outbound private connectivity on AWS: an endpoint of the account's own, $10 per 1,000 hours in the US (11 to 14 in Europe and
   * Asia, 21 in São Paulo). Snowflake Service Consumption Table of 2026-04-01, table 4(e), looked at on 2026-12-01. AWS itself asks nothing
   * more for a private REST API (aws.amazon.com/api-gateway/pricing).
   */
  privateEndpointHour: 0.01,
  /** Dollars for 1,024 GB through it; table 4(d) has $10 through Snowflake's own endpoint of a region, which costs nothing by the hour. */
  privateEndpointTb: 10.24,
  /** An hour of an interface endpoint in an Availability Zone; that of a gateway is free. aws.amazon.com/privatelink/pricing, looked at on 2026-12-01. */
  interfaceEndpointHour: 0.01,
  /** Price of a GB that passes it, up to 1 PB a month. */
  interfaceEndpointGb: 0.01,
  /** Dollars a second and GB of memory while a request is served. */
  serverlessGbSecond: 0.00002,
  instanceHour: {
    'ml.t2.medium': 0.056,
    'ml.t2.large': 0.111,
    'ml.m5.large': 0.115,
    'ml.m5.xlarge': 0.23,
    'ml.m5.2xlarge': 0.461,
    'ml.m5.4xlarge': 0.922,
    'ml.c5.large': 0.102,
    'ml.c5.xlarge': 0.204,
    'ml.c5.2xlarge': 0.408,
  } as Readonly<Record<string, number>>,
} as const;
