import type { Cost, Costs, Estimate } from '../results/costs.js';

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

/** The estimate in lines for a person: from least to most, and what is to be expected. */
export function describeCosts(estimate: Estimate): string[] {
  const { monthly, leastUsd, typicalUsd, usd, cheaper, statusCost, delay, source } = estimate;
  const money = (value: number | null) => (value === null ? '?' : `$${value.toFixed(2)}`);
  const ofLine = ({ leastUsd, typicalUsd, usd }: Cost) =>
    `${`${money(leastUsd)} to ${money(usd)}`.padStart(18)} ${money(typicalUsd).padStart(8)}`;
  return [
    `Costs a month: $${leastUsd.toFixed(2)} to $${usd.toFixed(2)}, $${typicalUsd.toFixed(2)} in the middle`,
    ...monthly.map((cost) => `  ${ofLine(cost)}  ${cost.what} (${cost.assumes})`),
    ...(cheaper.length === 0 ? [] : [`  Cheaper: ${cheaper.join('; ')}.`]),
    `  ${statusCost}`,
    `  ${delay}`,
    `  ${source}.`,
  ];
}
