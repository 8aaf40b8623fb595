/** An error's body, as Nest's own filter answers it. */
export const errorSchema = (status: number, codes: string[], more: Record<string, object> = {}) => ({
  type: 'object',
  required: ['statusCode', 'code', 'message', ...Object.keys(more)],
  properties: {
    statusCode: { type: 'integer', example: status },
    code: { type: 'string', enum: codes, description: 'Stable, and for programs.' },
    message: { type: 'string' },
    ...more,
  },
});
