import { CreateEmbeddedTokens1780000000002 } from './1780000000002-create-embedded-tokens.js';

/** The migrations of the embedded identity service. */
export const EMBEDDED_IDENTITY_MIGRATIONS = [CreateEmbeddedTokens1780000000002];
