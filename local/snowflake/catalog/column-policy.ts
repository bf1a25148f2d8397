import type { Catalog } from './catalog.js';
import type { Column, MaskingPolicy, Tag } from './objects.js';

/**
 * The masking policy that protects a column: one of a tag on it, of the column's type. Several tags that have one of it are none:
 * "MULTIPLE_MASKING_POLICY_ASSIGNED_TO_THE_COLUMN" (docs: sql-reference/functions/policy_references).
 */
export function columnPolicy(
  catalog: Catalog,
  { tags, type }: Pick<Column, 'tags' | 'type'>,
): { tag: Tag; policy: MaskingPolicy } | undefined {
  if (!tags) return undefined;
  const found = Object.keys(tags).flatMap((id) => {
    const tag = catalog.get(Number(id));
    if (tag?.kind !== 'TAG') return [];
    return tag.policies.flatMap((each) => {
      const policy = catalog.get(each);
      return policy?.kind === 'MASKING POLICY' && policy.type.kind === type.kind ? [{ tag, policy }] : [];
    });
  });
  return found.length === 1 ? found[0] : undefined;
}
