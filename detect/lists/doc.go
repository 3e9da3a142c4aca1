// Package lists holds the data that the rules go by: which suffixes can be
// filed, which registrars are approved, who may hold a domain, what provinces
// ask, which documents a filing needs, which words a site's name may not hold.
//
// Each list is a text file beside its reader and is embedded. A user can
// replace most of them by a file of the same form, read by the same reader;
// errors name the line. A list is not changed once it is read.
package lists
