/** Option of commands that change the deployment: a loss is said, and accepted by name. */
export const ACCEPT_LOSS = {
  'accept-loss': {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'make this table (schema, database) although the rows it held are lost; may be repeated',
  },
} as const;
