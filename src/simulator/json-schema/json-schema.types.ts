type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/** The part of JSON Schema that the API's schemas need. Plain, so that OpenAPI takes them as they are. */
export interface JsonSchema {
  type?: JsonType | JsonType[];
  description?: string;
  enum?: unknown[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: boolean;
  required?: string[];
  minProperties?: number;
  maxProperties?: number;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  /** One of `FORMATS`. */
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  /** Bounds apply to numbers, and as in Nova to texts that are numbers. */
  minimum?: number;
  maximum?: number;
}
