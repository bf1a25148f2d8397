import type { Case } from './cases.js';

/** From Snowflake to the routes of training. */
export const control: readonly Case[] = [
  {
    title: 'a disabled integration of training',
    breaks: (by) => by.sql('ALTER API INTEGRATION LOS_CONTROL_API SET ENABLED = FALSE'),
    check: 'control-integration',
    says: /API integration LOS_CONTROL_API has ENABLED FALSE instead of TRUE/,
  },
  {
    title: 'an integration of training that leads to predictions',
    breaks: (by) =>
      by.sql(
        "ALTER API INTEGRATION LOS_CONTROL_API SET API_ALLOWED_PREFIXES = ('https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod/endpoints')",
      ),
    check: 'control-prefixes',
    says: /LOS_CONTROL_API has API_ALLOWED_PREFIXES https:\S+ instead of https:\S+control: it does not allow/,
  },
  {
    title: 'a role of training with a wrong external ID',
    breaks: (by) => by.wrongExternalId('los-snowflake-control', 'LOS_CONTROL_API', 'API_AWS'),
    check: 'control-trust',
    says: /another external ID/,
  },
];
