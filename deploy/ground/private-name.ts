const SUFFIX = '_PRIVATE';

/** The name of an API integration for a private REST API. */
export const privateName = (name: string): string => `${name}${SUFFIX}`;

/** True if an API integration is for a private REST API. */
export const isPrivateName = (name: string): boolean => name.endsWith(SUFFIX);

/** The integration that takes the place of another when aws.privateApi is set or taken away. */
export const counterpart = (name: string): string =>
  isPrivateName(name) ? name.slice(0, -SUFFIX.length) : privateName(name);
