/** The PostgreSQL types that are not returned as text, by their ids. */
const BOOL = 16;
const BYTEA = 17;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;

/**
 * How PostgreSQL's values are read: small integers as numbers, booleans as booleans, bytes as bytes, and everything else as
 * text. `pg`
 * would use the settings of the application for the whole process (`pg.types.setTypeParser`, `pg.defaults`).
 */
export const PLAIN_TYPES = {
  getTypeParser: (id: number, format: 'text' | 'binary' = 'text') =>
    format === 'binary' ? (value: Buffer) => fromBinary(id, value) : (value: string) => fromText(id, value),
};

function fromText(id: number, value: string): unknown {
  if (id === INT2 || id === INT4) return Number(value);
  if (id === BYTEA) return bytesIn(value);
  return id === BOOL ? value === 't' : value;
}

function fromBinary(id: number, value: Buffer): unknown {
  switch (id) {
    case BOOL:
      return value[0] === 1;
    case BYTEA:
      return value;
    case INT2:
      return value.readInt16BE();
    case INT4:
      return value.readInt32BE();
    case INT8:
      return String(value.readBigInt64BE());
    default:
      return value.toString();
  }
}

/** In either format that the server may write them in (`bytea_output`). */
function bytesIn(text: string): Buffer {
  if (text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex');
  const bytes = text.replace(/\\(\\|[0-7]{3})/g, (_, escaped: string) =>
    escaped === '\\' ? escaped : String.fromCharCode(parseInt(escaped, 8)),
  );
  return Buffer.from(bytes, 'latin1');
}
