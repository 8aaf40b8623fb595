import { namesOf, type Property } from './property.js';

/** What a copy under a changed tag, or a mixed-up body, would leave behind. */
export const askedFor: Property = {
  name: 'asked for',
  says: 'The cloud did nothing that no request asked for.',
  check: ({ strayEffects }) =>
    strayEffects.map((effect) => ({
      property: 'asked for',
      tag: null,
      says: `nobody asked for ${namesOf([effect])} (${effect.name})`,
      exchanges: [],
    })),
};
