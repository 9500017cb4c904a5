import { defaultSchema, type Options } from 'rehype-sanitize';

const attributes = defaultSchema.attributes ?? {};

/** GitHub's list of what is harmless, with the classes that the highlighter gives, and without pictures from elsewhere. */
export const sanitizeSchema: Options = {
  ...defaultSchema,
  // Ids are ours alone, and already prefixed: they name footnotes.
  clobber: [],
  attributes: {
    ...attributes,
    code: [...(attributes.code ?? []), ['className', /^language-./, 'hljs']],
    span: [
      ...(attributes.span ?? []),
      ['className', /^hljs-/, /^(function|class|inherited|constant|language|invoke_)_?$/],
    ],
  },
  protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'] },
};
