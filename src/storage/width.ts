/** How many bytes a column holds: always so many, or up to so many. */
export interface Width {
  bytes: number;
  isFixed: boolean;
}

/** The width of a uuid. */
export const UUID: Width = { bytes: 16, isFixed: true };

/** The width of a hash. */
export const SHA256: Width = { bytes: 32, isFixed: true };

/** As many bytes as a text may have, and more than a row of MariaDB holds itself. */
export const MANY: Width = { bytes: 65_535, isFixed: false };

/** The width of what has up to so many bytes. */
export const upTo = (bytes: number): Width => ({ bytes, isFixed: false });
