/** A JSON Schema (2020-12), as OpenAPI 3.1 has them. */
export type Schema = { readonly [keyword: string]: unknown }

/** A pointer to a shared piece of this document, or to a schema that is served beside it. */
export interface Ref {
  readonly $ref: string
}

/** Bodies by media type. */
export type Content = Readonly<Record<string, { readonly schema: Schema | Ref }>>

/** A parameter of a path or of a query. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly description: string
  readonly required?: true
  readonly schema: Schema
}

/** One answer to a call. */
export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, Ref>>
  readonly content: Content
}

/** One call. */
export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly Ref[]
  readonly requestBody?: {
    readonly description: string
    readonly required?: true
    readonly content: Content
  }
  readonly responses: Readonly<Record<string, Answer>>
}

/** The calls of one path. */
export type PathItem = Readonly<Partial<Record<'get' | 'post', Operation>>>

/** Calls by path template: `/v1/schemas/{name}`. */
export type Paths = Readonly<Record<string, PathItem>>

/** An OpenAPI 3.1 document. */
export interface OpenApi {
  readonly openapi: '3.1.0'
  readonly info: Readonly<Record<string, unknown>>
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Paths
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly parameters: Readonly<Record<string, Parameter>>
    readonly headers: Readonly<Record<string, { readonly description: string; schema: Schema }>>
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>
  }
}
