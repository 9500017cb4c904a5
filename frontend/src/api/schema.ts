/**
 * The types of the HTTP API, in the shape that openapi-typescript gives them.
 * `npm run generate` writes this file anew from docs/openapi.json.
 */

export type paths = Record<string, never>;

export interface components {
  schemas: {
    /** Format: uuid */
    ConversationId: string;
    /** Format: int64 */
    MessageId: number;
    /** @enum {string} */
    Kind: 'chat' | 'ask';
    /** @enum {string} */
    Status: 'active' | 'ended';
    /** @enum {string} */
    TitleBy: 'user' | 'model';
    /** @enum {string} */
    SummaryStatus: 'none' | 'pending' | 'ready' | 'failed';
    /** @enum {string} */
    Sentiment: 'positive' | 'neutral' | 'negative' | 'mixed';
    /** @enum {string} */
    Sender: 'user' | 'assistant';
    /** @enum {string} */
    MessageStatus: 'complete' | 'streaming' | 'stopped' | 'failed' | 'interrupted';
    /** @enum {string} */
    FinishReason: 'stop' | 'length' | 'content_filter' | 'refusal' | 'other';
    Conversation: {
      id: components['schemas']['ConversationId'];
      kind: components['schemas']['Kind'];
      title?: string | null;
      title_by: components['schemas']['TitleBy'];
      status: components['schemas']['Status'];
      summary?: string | null;
      summary_status: components['schemas']['SummaryStatus'];
      topics: string[];
      sentiment?: null | components['schemas']['Sentiment'];
      model?: string | null;
      instructions?: string | null;
      leaf_id?: null | components['schemas']['MessageId'];
      /** Format: date-time */
      start_timestamp?: string | null;
      /** Format: date-time */
      end_timestamp?: string | null;
      /** Format: date-time */
      archived_at?: string | null;
      /** Format: date-time */
      pinned_at?: string | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
      /** Format: int64 */
      version: number;
    };
    ConversationItem: {
      id: components['schemas']['ConversationId'];
      kind: components['schemas']['Kind'];
      title?: string | null;
      status: components['schemas']['Status'];
      summary?: string | null;
      summary_status: components['schemas']['SummaryStatus'];
      topics: string[];
      model?: string | null;
      /** Format: date-time */
      archived_at?: string | null;
      /** Format: date-time */
      pinned_at?: string | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
      /** Format: int64 */
      version: number;
    };
    Page_ConversationItem: {
      items: components['schemas']['ConversationItem'][];
      next_cursor?: string | null;
    };
    Page_Message: {
      items: components['schemas']['Message'][];
      next_cursor?: string | null;
    };
    ConversationWithMessages: components['schemas']['Conversation'] & {
      messages: components['schemas']['Page_Message'];
    };
    NewConversation: {
      title?: string | null;
      model?: string | null;
      instructions?: string | null;
    };
    ConversationChanges: {
      title?: string | null;
      model?: string | null;
      instructions?: string | null;
      leaf_id?: components['schemas']['MessageId'];
      archived?: boolean;
      pinned?: boolean;
    };
    Usage: {
      /** Format: int64 */
      input_tokens: number;
      /** Format: int64 */
      output_tokens: number;
      /** Format: int64 */
      cached_tokens: number;
      /** Format: int64 */
      reasoning_tokens: number;
      estimated: boolean;
    };
    Message: {
      id: components['schemas']['MessageId'];
      conversation_id: components['schemas']['ConversationId'];
      parent_id?: null | components['schemas']['MessageId'];
      sender: components['schemas']['Sender'];
      status: components['schemas']['MessageStatus'];
      content: string;
      thinking?: string | null;
      client_id?: string | null;
      model?: string | null;
      finish_reason?: null | components['schemas']['FinishReason'];
      error?: null | components['schemas']['Problem'];
      usage?: null | components['schemas']['Usage'];
      /** Format: int64 */
      cost_micros?: number | null;
      /** Format: int64 */
      last_seq: number;
      /** Format: date-time */
      timestamp: string;
      /** Format: date-time */
      created_at: string;
    };
    AnswerState: {
      id: components['schemas']['MessageId'];
      parent_id?: null | components['schemas']['MessageId'];
      status: components['schemas']['MessageStatus'];
      model?: string | null;
      finish_reason?: null | components['schemas']['FinishReason'];
      usage?: null | components['schemas']['Usage'];
      /** Format: int64 */
      cost_micros?: number | null;
      /** Format: date-time */
      timestamp: string;
    };
    NewMessage: {
      conversation_id: components['schemas']['ConversationId'];
      content: string;
      client_id: string;
      model?: string | null;
    };
    Exchange: {
      message: components['schemas']['Message'];
      reply: components['schemas']['Message'];
    };
    FieldError: {
      field: string;
      reason: string;
    };
    Problem: {
      type: string;
      title: string;
      /** Format: int32 */
      status: number;
      detail: string;
      request_id?: string | null;
      errors?: components['schemas']['FieldError'][];
      message_id?: null | components['schemas']['MessageId'];
      /** Format: int32 */
      retry_after?: number | null;
    };
    /** @enum {string} */
    ProviderState: 'ready' | 'bad_key' | 'unreachable' | 'no_models';
    ModelItem: {
      id: string;
      name: string;
      /** Format: int32 */
      context_tokens?: number | null;
    };
    ProviderModels: {
      id: string;
      name: string;
      state: components['schemas']['ProviderState'];
      models: components['schemas']['ModelItem'][];
    };
    ModelList: {
      default?: string | null;
      providers: components['schemas']['ProviderModels'][];
    };
  };
}
