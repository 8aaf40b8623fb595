import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { FOUND_TASK_PROPERTIES } from './task.schema.js';

/** A task in a host's Swagger document, as one schema that all operations refer to. */
@ApiSchema({ name: 'RecordedTask', description: 'The record of a request and its outcome.' })
export class RecordedTask {}

for (const [name, schema] of Object.entries(FOUND_TASK_PROPERTIES))
  ApiProperty(schema)(RecordedTask.prototype, name);
