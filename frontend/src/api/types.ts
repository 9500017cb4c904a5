/** The names under which the pages use the generated types. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Conversation = Schemas['Conversation'];
export type ConversationChanges = Schemas['ConversationChanges'];
export type ConversationItem = Schemas['ConversationItem'];
export type ConversationPage = Schemas['Page_ConversationItem'];
export type ConversationWithMessages = Schemas['ConversationWithMessages'];
export type NewConversation = Schemas['NewConversation'];
export type Exchange = Schemas['Exchange'];
export type Message = Schemas['Message'];
export type MessagePage = Schemas['Page_Message'];
export type NewMessage = Schemas['NewMessage'];
export type ModelItem = Schemas['ModelItem'];
export type ModelList = Schemas['ModelList'];
export type ProviderModels = Schemas['ProviderModels'];
export type Problem = Schemas['Problem'];
