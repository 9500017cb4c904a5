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
export type Account = Schemas['Account'];
export type AccountChanges = Schemas['AccountChanges'];
export type ApiKeyList = Schemas['ApiKeyList'];
export type CreatedApiKey = Schemas['CreatedApiKey'];
export type CreatedInvitation = Schemas['CreatedInvitation'];
export type Deleted = Schemas['Deleted'];
export type InvitationList = Schemas['InvitationList'];
export type NewApiKey = Schemas['NewApiKey'];
export type PortalStatus = Schemas['PortalStatus'];
export type ResetLink = Schemas['ResetLink'];
export type Scope = Schemas['Scope'];
export type SessionList = Schemas['SessionList'];
