using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Tests;

public sealed class PersonalDataTests
{
    [Theory]
    [InlineData("Field PHONE: +7 916 123-45-67 is wrong", "Field PHONE: ***67 is wrong")]
    [InlineData("tel 8(916)1234567.", "tel ***67.")]
    [InlineData("anna.petrova@okna.example.ru is not an address", "a***@***.ru is not an address")]
    [InlineData("{\"email\":\"ivan@example.ru\"}", "{\"email\":\"i***@***.ru\"}")]
    [InlineData("HTTP 400, code 219, line 12", "HTTP 400, code 219, line 12")]
    [InlineData("lead 01a200be-ce31-7000-915c-7ddd806a7bad", "lead 01a200be-ce31-7000-915c-7ddd806a7bad")]
    [InlineData("two\nlines", "two lines")]
    public void What_names_a_person_is_masked_and_the_rest_stays(string text, string masked) => Assert.Equal(masked, PersonalData.Mask(text));
}
