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

/** The estimate in lines for a person: at least, to be expected, at most. */
export function describeCosts(estimate: Estimate): string[] {
  const { monthly, leastUsd, typicalUsd, usd, cheaper, beside, delay, source } = estimate;
  const money = (value: number | null) => (value === null ? '?' : `$${value.toFixed(2)}`).padStart(9);
  return [
    `Costs a month: $${leastUsd.toFixed(2)} to $${usd.toFixed(2)}, $${typicalUsd.toFixed(2)} in the middle`,
    ...monthly.map(
      (cost) =>
        `  ${money(cost.leastUsd)} ${money(cost.typicalUsd)} ${money(cost.usd)}  ${cost.what} (${cost.assumes})`,
    ),
    ...(cheaper.length === 0 ? [] : [`  Cheaper: ${cheaper.join('; ')}.`]),
    `  ${beside}`,
    `  ${delay}`,
    `  ${source}.`,
  ];
}
