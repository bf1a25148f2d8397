/** Names of the hospital and its units (settings.hospital). */
export interface Names {
  readonly name: string | null;
  /** By what the data say. */
  readonly units: Readonly<Record<string, string>>;
}

/** A name of so few characters is a code, which says that it is a ward's. */
const CODE = 2;

/** A ward, department or the hospital, as people call it. */
export function nameOf(
  { level, unit }: { readonly level: string; readonly unit: string },
  names: Names,
): string {
  if (level === 'all') return names.name ?? 'The hospital';
  const own = Object.hasOwn(names.units, unit) ? names.units[unit] : undefined;
  if (own !== undefined) return own;
  if (unit === '(none)') return `Without a ${level}`;
  if (unit.startsWith('(small ')) return `Small ${level}s, together`;
  return unit.length <= CODE ? `${level === 'ward' ? 'Ward' : 'Department'} ${unit}` : unit;
}
