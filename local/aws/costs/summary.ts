// What was used, in dollars.
import { PRICES, type PriceTable } from './prices.js';

export interface CostLine {
  /** E.g. `Training on ml.m5.xlarge`. */
  what: string;
  quantity: number;
  unit: 'instance seconds' | 'GB-seconds' | 'GB' | 'requests';
  /** Dollars; null where the price table has no price. */
  cost: number | null;
}

export interface CostSummary {
  lines: CostLine[];
  /** Dollars of all lines that have a price. */
  total: number;
  /** Dollars an hour that what runs now goes on costing, used or not; null where a price is missing. */
  perHour: number | null;
  currency: string;
  /** Where and when the prices hold. */
  prices: { region: string; date: string; sources: string[] };
}

const INSTANCE_USES = { training: 'Training', hosting: 'Endpoint', transform: 'Batch transform' } as const;

/**
 * Puts prices to quantities.
 * @param used quantities by a meter's items
 * @param running instances that serve endpoints now, by type
 */
export function costSummary(
  used: Readonly<Record<string, number>>,
  running: Readonly<Record<string, number>> = {},
  prices: PriceTable = PRICES,
): CostSummary {
  const lines = Object.entries(used)
    .filter(([, quantity]) => quantity > 0)
    .map(([item, quantity]) => lineOf(item, quantity, prices))
    .sort((a, b) => (b.cost ?? Number.POSITIVE_INFINITY) - (a.cost ?? Number.POSITIVE_INFINITY));
  const hourly = Object.entries(running).map(([type, count]) => times(prices.instanceHour[type], count));
  return {
    lines,
    total: lines.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    perHour: hourly.includes(null) ? null : hourly.reduce<number>((sum, cost) => sum + cost!, 0),
    currency: prices.currency,
    prices: { region: prices.region, date: prices.date, sources: prices.sources },
  };
}

function lineOf(item: string, quantity: number, prices: PriceTable): CostLine {
  const [use, type] = item.split(':') as [string, string?];
  if (type !== undefined)
    return {
      what: `${INSTANCE_USES[use as keyof typeof INSTANCE_USES]} on ${type}`,
      quantity,
      unit: 'instance seconds',
      cost: times(prices.instanceHour[type], quantity / 3600),
    };
  switch (item) {
    case 'serverless-gb-seconds':
      return {
        what: 'Serverless endpoints',
        quantity,
        unit: 'GB-seconds',
        cost: quantity * prices.serverlessGbSecond,
      };
    case 'inference-bytes': {
      const gb = quantity / 2 ** 30;
      return {
        what: 'Data of endpoints, in and out',
        quantity: gb,
        unit: 'GB',
        cost: gb * prices.inferenceGb,
      };
    }
    case 'api-requests':
      return { what: 'API Gateway', quantity, unit: 'requests', cost: quantity * prices.apiRequest };
    case 's3-writes':
      return { what: 'S3, writing and listing', quantity, unit: 'requests', cost: quantity * prices.s3Write };
    case 's3-reads':
      return { what: 'S3, reading', quantity, unit: 'requests', cost: quantity * prices.s3Read };
    default:
      return { what: item, quantity, unit: 'requests', cost: null };
  }
}

const times = (price: number | undefined, quantity: number): number | null =>
  price === undefined ? null : price * quantity;
