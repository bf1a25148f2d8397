import type { Costs } from '../../deploy/clients/control.js';
import type { Estimate } from '../../deploy/costs/estimate.js';

/** The costs in words, a total first. */
export function costLines({ lines, total, perHour, prices }: Costs): string[] {
  const dollars = (amount: number) => `$${amount.toFixed(amount > 0 && amount < 0.1 ? 5 : 2)}`;
  return [
    `The same use of AWS would have cost ${dollars(total)} (${prices.region}, list prices of ${prices.date})${
      perHour ? `, and goes on costing ${dollars(perHour)} an hour` : ''
    }`,
    ...lines.map(
      ({ what, quantity, unit, cost }) =>
        `  ${what}: ${quantity.toLocaleString('en-US', { maximumFractionDigits: 3 })} ${unit}, ${cost === null ? 'price not known' : dollars(cost)}`,
    ),
  ];
}

/** The estimate in lines for a person. */
export function describeCosts({ monthly, typicalUsd, usd, delay, source }: Estimate): string[] {
  const money = (value: number | null) => (value === null ? '?' : `$${value.toFixed(2)}`).padStart(9);
  return [
    `Costs a month: $${typicalUsd.toFixed(2)}, at most $${usd.toFixed(2)}`,
    ...monthly.map(
      (cost) => `  ${money(cost.typicalUsd)} ${money(cost.usd)}  ${cost.what} (${cost.assumes})`,
    ),
    `  ${delay}`,
    `  ${source}.`,
  ];
}
