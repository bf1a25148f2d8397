const name = { type: 'string', pattern: '^[A-Z_][A-Z0-9_$]*$' };
const columnType = {
  type: 'string',
  pattern:
    '^(NUMBER|FLOAT|VARCHAR|BOOLEAN|DATE|TIMESTAMP_NTZ|TIMESTAMP_LTZ|TIMESTAMP_TZ)(\\(\\d+(,\\s*\\d+)?\\))?$',
};
const markers = { type: 'array', items: { type: 'string', minLength: 1 } };
const names = { type: 'array', items: name };

const byColumn = (value: object) => ({ type: 'object', propertyNames: name, additionalProperties: value });
const bound = { type: ['number', 'string'] };

/** What is asked of the admissions: procedures/dataset/questions.ts. */
const explore = {
  type: 'object',
  additionalProperties: false,
  properties: {
    levels: byColumn({ type: 'array', minItems: 2, uniqueItems: true, items: { type: 'string' } }),
    bins: byColumn({ type: 'array', minItems: 1, maxItems: 20, items: { type: 'number' } }),
    questions: {
      type: 'array',
      minItems: 1,
      maxItems: 60,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'question'],
        properties: {
          id: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,29}$' },
          question: { type: 'string', minLength: 1 },
          kind: { enum: ['distribution', 'difference', 'share'], default: 'difference' },
          target: name,
          by: { type: 'array', minItems: 1, maxItems: 8, items: { ...names, minItems: 1, maxItems: 3 } },
          bins: byColumn({ type: 'array', minItems: 1, maxItems: 20, items: bound }),
          where: byColumn({
            type: 'object',
            additionalProperties: false,
            minProperties: 1,
            maxProperties: 1,
            properties: {
              upTo: bound,
              above: bound,
              in: { type: 'array', minItems: 1, items: { type: 'string' } },
            },
          }),
          count: { ...names, minItems: 1 },
        },
      },
    },
  },
};

/** JSON Schema of a dataset contract file. */
export const contractSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'table', 'id', 'columns', 'features'],
  properties: {
    name: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,19}$' },
    table: name,
    id: name,
    patient: name,
    admission: name,
    discharge: name,
    los: name,
    longStayDays: { type: 'integer', minimum: 1, maximum: 3650 },
    history: {
      type: 'object',
      additionalProperties: false,
      required: ['days'],
      properties: {
        days: { type: 'integer', minimum: 1, maximum: 3650 },
        admissions: { ...name, default: 'EARLIER_ADMISSIONS' },
        bedDays: { ...name, default: 'EARLIER_BED_DAYS' },
      },
    },
    ward: name,
    department: name,
    capacity: {
      type: 'object',
      minProperties: 1,
      additionalProperties: { type: 'integer', minimum: 1, maximum: 100_000 },
    },
    split: {
      type: 'object',
      additionalProperties: false,
      required: ['column', 'training', 'holdout'],
      properties: {
        column: name,
        training: { type: 'string' },
        validation: { type: 'string' },
        holdout: { type: 'string' },
      },
    },
    afterAdmission: { ...names, default: [] },
    columns: {
      type: 'object',
      minProperties: 3,
      propertyNames: name,
      additionalProperties: {
        // The type alone, or more of the column. A oneOf would report the mistakes of both.
        if: { type: 'object' },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: {
          type: 'object',
          additionalProperties: false,
          required: ['type'],
          properties: {
            type: columnType,
            source: { type: 'string', minLength: 1 },
            nulls: markers,
            header: { type: 'string', minLength: 1 },
            order: { enum: ['DMY', 'MDY', 'YMD'] },
            decimal: { enum: ['.', ','] },
          },
        },
        else: columnType,
      },
    },
    nulls: markers,
    features: {
      type: 'object',
      minProperties: 2,
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['type'],
        properties: {
          type: { enum: ['numeric', 'categorical', 'ordered'] },
          levels: { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'string' } },
          default: { type: ['string', 'number'] },
          sql: { type: 'string', minLength: 1 },
          knownAtAdmission: { type: 'boolean' },
        },
      },
    },
    groups: { type: 'array', items: { ...names, minItems: 1, maxItems: 3 }, default: [] },
    explore,
    holdBack: { type: 'number', exclusiveMinimum: 0, maximum: 0.5, default: 0.2 },
  },
} as const;
