import { type Microversion, MIN_MICROVERSION } from '../../../openstack/microversion.js';
import type { JsonSchema } from '../../json-schema/json-schema.js';

/**
 * A schema that changes with the microversion. Each variant is made once, so that it is compiled once.
 *
 * @param changes the microversions that change it, in order
 * @param build makes the variant that applies from a microversion on
 */
export function byMicroversion(
  changes: readonly Microversion[],
  build: (since: Microversion) => JsonSchema,
): (version: Microversion) => JsonSchema {
  const variants = new Map<Microversion, JsonSchema>();
  return (version) => {
    const since = changes.findLast((change) => change <= version) ?? MIN_MICROVERSION;
    const variant = variants.get(since) ?? build(since);
    variants.set(since, variant);
    return variant;
  };
}
