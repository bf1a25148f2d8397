/** The SQL side of an entry file; see compile.ts. */
export interface Signature {
  readonly name: string;
  readonly args: readonly (readonly [name: string, type: string])[];
  readonly returns: string;
  readonly volatility?: 'IMMUTABLE' | 'VOLATILE';
  readonly nullInput?: 'CALLED ON NULL INPUT' | 'RETURNS NULL ON NULL INPUT';
  readonly executeAs?: 'OWNER' | 'CALLER';
}

/** Synonyms → the name that SHOW reports. */
const SHOWN_TYPES: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  TEXT: 'VARCHAR',
  CHAR: 'VARCHAR',
  DOUBLE: 'FLOAT',
  'DOUBLE PRECISION': 'FLOAT',
  REAL: 'FLOAT',
  FLOAT8: 'FLOAT',
};

/** A type as SHOW reports it. */
export function typeName(type: string): string {
  const upper = type.trim().toUpperCase();
  return SHOWN_TYPES[upper] ?? upper;
}

/** The name that SHOW reports for a function or procedure, with argument types: `LOS_ENCODE(OBJECT, VARCHAR)`. */
export function signatureName(signature: Pick<Signature, 'name' | 'args'>): string {
  return `${signature.name}(${signature.args.map(([, type]) => typeName(type)).join(', ')})`;
}
